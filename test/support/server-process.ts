import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { transportSetting } from './on-each-transport.js'

export interface ServerProcess {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
  /** Resolves once it no longer calls itself ready. */
  unready(): Promise<void>
  /** Asks it to stop; resolves with its exit code. */
  terminate(): Promise<number | null>
}

/** `cuewire serve` in a process of its own, on a free port; it ends with the test. `root` holds the sources. */
export async function spawnServer(
  t: Test,
  dataDir: string,
  environment: Record<string, string> = {},
  root = '.',
): Promise<ServerProcess> {
  const child = spawnRole(dataDir, { ...transportSetting(t), ...environment }, root)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    child.kill(signal)
    await once(child, 'exit')
    return child.exitCode
  }
  t.teardown(() => end('SIGKILL'))
  const url = await readyUrl(child)
  const port = Number(new URL(url).port)
  return {
    url,
    port,
    pid: child.pid ?? 0,
    kill: async () => void (await end('SIGKILL')),
    unready: async () => {
      while (await isReady(port)) await new Promise(resolve => setTimeout(resolve, 20))
    },
    terminate: () => end('SIGTERM'),
  }
}

/** A worker in a process of its own, for gateways that start none; it ends with the test. */
export function spawnWorker(t: Test, dataDir: string, environment: Record<string, string> = {}): void {
  const child = spawnRole(dataDir, { ...environment, CUEWIRE_ROLE: 'worker' })
  t.teardown(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
}

function spawnRole(dataDir: string, environment: Record<string, string>, root = '.'): ChildProcess {
  return spawn(process.execPath, [`${root}/server/bin/cuewire.js`, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      CUEWIRE_PORT: '0',
      CUEWIRE_DATA_DIR: dataDir,
      CUEWIRE_LOG_LEVEL: 'warn',
      CUEWIRE_CHECK_OUTPUT: 'true',
      CUEWIRE_COMMANDS_PER_SECOND: '1000000',
      CUEWIRE_COMMAND_BURST: '1000000',
      ...environment,
    },
  })
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the server has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /ready: (wss?:\S+)/.exec(line)
    if (match?.[1]) return match[1]
  }
  throw new Error('the server ended before it was ready')
}

async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } })
  const { parts } = (await response.json()) as { readonly parts: { readonly name: string; readonly ok: boolean }[] }
  return parts.find(({ name }) => name === 'accepting')?.ok ?? false
}
