import { AppError } from '../../lib/app-error.js'
import { type ChildExit, KilledFromOutside, type RunOptions, runChild } from './run-child.js'

/**
 * Runs a program on a file. If it crashes or is killed, runs it once more and reads its output from the start, because
 * a shortage of memory may pass. The second time it rejects with `server.internal`.
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

/** A crash is the program's fault, not the file's. */
const crashed = ({ crash, stderr }: ChildExit): AppError =>
  new AppError('server.internal', `ffmpeg crashed (${crash}); try again, or give the server another version of it.`, {
    cause: new Error(stderr || 'It said nothing.'),
  })
