import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { AppError } from '../../lib/app-error.js'
import { assert } from '../../lib/assert.js'

const STDERR_TAIL_CHARACTERS = 8192

// A static build of ffmpeg crashes if it loads the character set modules of a system with another C library, for
// example for service names of MPEG-TS. Without modules it still handles UTF-8 and similar sets.
const ENVIRONMENT = { GCONV_PATH: '/nonexistent' }

/** Signals sent from outside, by a person or by a system short of memory; a program does not send them to itself. */
const FOREIGN_SIGNALS: ReadonlySet<unknown> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'])
/** Exit code of ffmpeg after one of these signals. */
const FFMPEG_TERMINATED = 255

/** A program was killed from outside, which says nothing about the file it was reading. */
export class KilledFromOutside extends AppError {
  constructor(program: string, signal: string) {
    super('server.internal', `${nameOf(program)} was killed from outside (${signal}).`)
  }
}

/** The outputs of a child, of which there is at least one. */
export type Pipes = readonly [Readable, ...Readable[]]

export interface RunOptions<T> {
  readonly signal?: AbortSignal | undefined
  /**
   * Wall time after which the child is killed, counted from its start or the last `progress`. Without it there is no
   * timeout.
   */
  readonly timeoutMs?: number
  /** How many outputs the child writes; its arguments name them by `pipeName`. */
  readonly pipes: number
  /**
   * Reads the outputs to their end, or calls `stop` once it has enough, which kills the child. It must start to read each
   * before it awaits anything: Node throws away what nobody reads when the child exits.
   */
  readonly read: (pipes: Pipes, stop: () => void, progress: () => void) => Promise<T>
}

/** How a child ended. */
export interface ChildExit {
  /** Null if `stop` killed it or it crashed. */
  readonly code: number | null
  /** The signal it died of when it crashed. */
  readonly crash?: string
  /** The last lines of its stderr. */
  readonly stderr: string
}

/** The name of an output in ffmpeg's arguments: the first is stdout, the others are separate pipes. */
export const pipeName = (index: number): string => `pipe:${index === 0 ? 1 : index + 2}`

/**
 * Runs a program without a shell and returns once it has exited. The abort signal, the timeout, `stop` and an error of
 * `read` kill it. Rejects with the signal's reason, with `server.internal` after the timeout, or with that error. Also
 * rejects with `server.internal` if it was killed from outside. Neither says anything about the file.
 */
export async function runChild<T>(
  program: string,
  args: readonly string[],
  options: RunOptions<T>,
): Promise<{ readonly value: T; readonly exit: ChildExit }> {
  const { signal, timeoutMs } = options
  signal?.throwIfAborted()
  const extra = Array.from({ length: options.pipes - 1 }, () => 'pipe' as const)
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', ...extra],
    env: { ...process.env, ...ENVIRONMENT },
    windowsHide: true,
  })
  const [stdout, ...others] = [child.stdio[1], ...child.stdio.slice(3)].filter(stream => stream instanceof Readable)
  assert(stdout !== undefined, 'a child has a stdout')
  const pipes: Pipes = [stdout, ...others]
  const stderr = keepTail(child)
  // Destroyed, because a child counts as closed only when its pipes are, and nobody may be reading them.
  let stopped = false
  const stop = () => {
    stopped = true
    child.kill('SIGKILL')
    for (const pipe of pipes) pipe.destroy()
  }
  signal?.addEventListener('abort', stop, { once: true })
  let timedOut = false
  let timer: NodeJS.Timeout | undefined
  const progress = () => {
    clearTimeout(timer)
    if (timeoutMs === undefined || stopped) return
    timer = setTimeout(() => {
      timedOut = true
      stop()
    }, timeoutMs)
  }
  progress()

  const exit = ended(child, program).then(({ code, killedBy }): ChildExit => {
    signal?.throwIfAborted()
    if (timedOut) throw new AppError('server.internal', `${nameOf(program)} took too long to read the file; try again.`)
    const asked = code === FFMPEG_TERMINATED && nameOf(program) === 'ffmpeg'
    if (!stopped && (asked || FOREIGN_SIGNALS.has(killedBy)))
      throw new KilledFromOutside(program, killedBy ?? 'SIGTERM')
    // We only ever send SIGKILL, so any other signal is a crash, even if a reader gave up over it meanwhile.
    return { code, ...(killedBy !== undefined && killedBy !== 'SIGKILL' && { crash: killedBy }), stderr: stderr() }
  })
  const reading = options.read(pipes, stop, progress)
  try {
    // The first failure decides: after an abort, a reader that waits for something else must not block the caller.
    const value = await Promise.race([reading, exit.then(() => reading)])
    return { value, exit: await exit }
  } catch (error) {
    stop()
    // The reason why the child ended is more useful than how its reader then failed.
    await exit
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    reading.catch(() => undefined)
  }
}

async function ended(child: ChildProcess, program: string) {
  try {
    const [code, signal]: unknown[] = await once(child, 'close')
    return { code: typeof code === 'number' ? code : null, killedBy: typeof signal === 'string' ? signal : undefined }
  } catch (cause) {
    const message = `${nameOf(program)} could not be started; \`cuewire doctor\` shows which one is used.`
    throw new AppError('server.internal', message, { cause })
  }
}

const nameOf = (program: string) => program.split(/[\\/]/).at(-1)

function keepTail(child: ChildProcess): () => string {
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_CHARACTERS)
  })
  return () => tail
}
