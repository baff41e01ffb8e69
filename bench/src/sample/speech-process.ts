import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Sound } from '@cuewire/server/lib/wav.js'

const STDERR_TAIL_CHARS = 2000

interface SpeechWork {
  readonly work: object
  readonly lines: number
  /** Ends the process. */
  readonly signal?: AbortSignal | undefined
  /** Called with the number of lines spoken so far. */
  readonly progress?: ((done: number) => void) | undefined
}

/** Runs a synthesiser in a child process: sends it `work`, and returns the sound it sends back for each line. */
export async function runSpeechProcess(entry: URL, { work, lines, signal, progress }: SpeechWork): Promise<Sound[]> {
  const child = fork(fileURLToPath(entry), {
    serialization: 'advanced',
    // node:wasi warns that it is experimental; the people who watch the demo need not read that.
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const messages: unknown[] = []
  child.on('message', message => {
    messages.push(message)
    progress?.(messages.length)
  })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_CHARS)
  })
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  try {
    child.send(work)
    // The last messages may arrive after the process has ended; none does after the disconnect.
    await Promise.all([once(child, 'close'), once(child, 'disconnect')])
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', kill)
  }
  const sounds = messages.filter(isSound)
  if (sounds.length !== lines) {
    const ending = `ended with ${child.signalCode ?? `code ${child.exitCode}`}`
    throw new Error(`the speech process ${ending} after ${sounds.length} of ${lines} lines: ${stderr.trim()}`)
  }
  return sounds
}

function isSound(message: unknown): message is Sound {
  return (
    typeof message === 'object' &&
    message !== null &&
    'samples' in message &&
    message.samples instanceof Float32Array &&
    'sampleRate' in message &&
    typeof message.sampleRate === 'number'
  )
}
