import { crashed } from './failure.js'
import { type ChildExit, KilledFromOutside, type RunOptions, runChild } from './run-child.js'

/**
 * Runs a program whose output is read from its start each time; once more when it crashes or is killed, as a shortage of
 * memory passes. The second time it rejects with `server.internal`.
 */
export async function runReader<T>(
  program: string,
  args: readonly string[],
  options: RunOptions<T>,
): Promise<{ readonly value: T; readonly exit: ChildExit }> {
  const run = () => runChild(program, args, options)
  const first = await run().catch((error: unknown) => {
    if (!(error instanceof KilledFromOutside)) throw error
    return undefined
  })
  if (first && !first.exit.crash) return first
  const second = await run()
  if (second.exit.crash) throw crashed(second.exit)
  return second
}
