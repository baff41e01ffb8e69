import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import ffmpeg from '@ffmpeg-installer/ffmpeg'

export interface RunFfmpegOptions {
  readonly cwd: string
  readonly signal?: AbortSignal | undefined
  /** What ffmpeg reads as `pipe:0`. */
  readonly input?: Iterable<Uint8Array>
  /** Called with the number of frames written so far. */
  readonly onFrame?: (frames: number) => void
}

const STDERR_TAIL_CHARS = 2000

/** Runs ffmpeg (that of FFMPEG_PATH when set) to its end; the Error of a failure ends with what ffmpeg said. */
export async function runFfmpeg(
  args: readonly string[],
  { cwd, signal, input, onFrame }: RunFfmpegOptions,
): Promise<void> {
  signal?.throwIfAborted()
  const path = process.env['FFMPEG_PATH'] ?? ffmpeg.path
  const child = spawn(path, ['-hide_banner', '-nostdin', '-loglevel', 'error', '-progress', 'pipe:1', ...args], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const fed = pipeline(Readable.from(input ?? []), child.stdin)
  // Whether it ends well is asked below, once the exit code has told what went wrong first.
  fed.catch(() => undefined)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_CHARS)
  })
  createInterface(child.stdout).on('line', line => {
    const frames = /^frame=(\d+)$/.exec(line)?.[1]
    if (frames !== undefined) onFrame?.(Number(frames))
  })
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', cause =>
        reject(new Error(`ffmpeg could not be started at ${path}; set FFMPEG_PATH to one that can`, { cause })),
      )
      child.on('close', resolve)
    })
    signal?.throwIfAborted()
    if (code !== 0) throw new Error(`ffmpeg ended with code ${code}: ${stderr.trim()}`)
    await fed
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}
