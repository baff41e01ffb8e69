import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pause } from './pause.js'

const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 5_000
const ERROR_TAIL = 2_000
/** What the servers print once they listen. */
const PORT = /127\.0\.0\.1:(\d+)/

export interface RunningServer {
  readonly pid: number
  readonly port: number
}

interface ServerOptions {
  /** Arguments of `node`. */
  readonly command: readonly string[]
  readonly signal: AbortSignal
  /** Further variables. */
  readonly environment?: Readonly<Record<string, string>>
}

/** A server whose end is up to the caller. */
export interface OwnServer extends RunningServer {
  /** Lets it end in order. */
  stop(): Promise<void>
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
}

/** Cuewire loads its language model once the port is open, which keeps it busy for about a second. */
const SETTLE_MS = 2000

/** Starts a server process, by default with a temporary data folder, runs `use` and cleans up both. */
export async function withServer<T>(
  { command, signal, environment }: ServerOptions,
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-bench-'))
  try {
    const server = await startServer({ command, signal, environment: { CUEWIRE_DATA_DIR: folder, ...environment } })
    try {
      await pause(SETTLE_MS, signal)
      return await use(server)
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Starts a server process and resolves once it listens. */
export async function startServer({ command, signal, environment }: ServerOptions): Promise<OwnServer> {
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      CUEWIRE_HOST: '127.0.0.1',
      CUEWIRE_PORT: '0',
      CUEWIRE_LOG_LEVEL: 'warn',
      // The speed of the server is measured, not that of its rate limits.
      CUEWIRE_COMMANDS_PER_SECOND: '1000000000',
      CUEWIRE_COMMAND_BURST: '1000000000',
      ...environment,
    },
  })
  try {
    const running = await ready(child, signal)
    return { ...running, stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') }
  } catch (error) {
    await end(child, 'SIGTERM')
    throw error
  }
}

async function ready(child: ChildProcess, signal: AbortSignal): Promise<RunningServer> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('the server has no output')
  let errors = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERROR_TAIL)
  })
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${child.spawnargs.slice(1).join(' ')}: ${reason}\n${errors}`))
    const timer = setTimeout(() => fail(`did not listen within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS)
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    child.once('error', error => fail(error.message))
    child.once('exit', (code, name) => fail(`ended with ${name ?? code}`))
    createInterface(stdout).on('line', line => {
      const port = PORT.exec(line)?.[1]
      if (port === undefined || child.pid === undefined) return
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      resolve({ pid: child.pid, port: Number(port) })
    })
    child.once('exit', () => clearTimeout(timer))
  })
}

async function end(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exited = once(child, 'exit')
  child.kill(name)
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(timer)
}
