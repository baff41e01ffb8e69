import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `cuewire` to its end, with these settings and no others. */
export function runCuewire(args: readonly string[], settings: Record<string, string> = {}): Promise<Ended> {
  return ended(spawnCuewire(args, settings))
}

/** Starts `cuewire`; `ready` is its first line of output. It ends with the test, or when it is stopped. */
export function startCuewire(t: Test, args: readonly string[], settings: Record<string, string> = {}) {
  const child = spawnCuewire(args, settings)
  const ending = ended(child)
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ending
  })
  return {
    ready: Promise.race([firstLine(child), ending.then(({ stderr }) => Promise.reject(new Error(stderr)))]),
    /** Resolves once the log has this text. */
    logged: (text: string) =>
      new Promise<void>(resolve => {
        let log = ''
        child.stderr.on('data', (more: string) => {
          log += more
          if (log.includes(text)) resolve()
        })
      }),
    stop(): Promise<Ended> {
      child.kill('SIGTERM')
      return ending
    },
  }
}

function spawnCuewire(args: readonly string[], settings: Record<string, string>) {
  // As in a user's shell: libraries do less where they see a build machine.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CUEWIRE_|ORT_|CI$)/.test(name))
  const child = spawn(process.execPath, ['server/bin/cuewire.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...settings },
  })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  return child
}

type Child = ReturnType<typeof spawnCuewire>

async function ended(child: Child): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: string) => {
    stdout += text
  })
  child.stderr.on('data', (text: string) => {
    stderr += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

function firstLine(child: Child): Promise<string> {
  return new Promise(resolve => createInterface({ input: child.stdout }).once('line', resolve))
}
