import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const CUEWIRE = fileURLToPath(new URL('../../../server/bin/cuewire.js', import.meta.url))

/** The real server in a process of its own. */
export interface ServerProcess {
  /** `ws://` address of the socket. */
  readonly url: string
  /** Asks it to drain and waits for its end. */
  stop(): Promise<void>
}

/** Runs a `cuewire` command to its end, its output shown; throws when it fails. */
export async function runCuewire(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CUEWIRE, ...args], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`cuewire ${args.join(' ')} ended with ${code}`)
}

/** Starts `cuewire serve` on a free port and waits until it is ready. */
export async function startServer(dataDir: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [CUEWIRE, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CUEWIRE_PORT: '0', CUEWIRE_DATA_DIR: dataDir, CUEWIRE_LOG_LEVEL: 'warn' },
  })
  const url = await readyUrl(child)
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the server has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /ready: (ws:\S+)/.exec(line)
    if (match?.[1]) return match[1]
  }
  throw new Error('the server ended before it was ready; its log is above')
}
