import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface RunningProcess {
  readonly pid: number
  readonly parent: number
  /** Program and arguments. */
  readonly command: string
}

/** All processes of this machine. */
export async function processes(): Promise<RunningProcess[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout.split('\n').flatMap(line => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return command === undefined ? [] : { pid: Number(pid), parent: Number(parent), command }
  })
}

/** The ids of the children of a process, of theirs, and so on; without the `ps` that finds them. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const running = (await processes()).filter(({ command }) => !command.startsWith('ps '))
  const found = [pid]
  for (const ancestor of found)
    found.push(...running.filter(({ parent }) => parent === ancestor).map(child => child.pid))
  return found.slice(1)
}

/** The session of a process and its priority, on the scale of `nice`. */
export async function standingOf(pid: number): Promise<{ readonly session: number; readonly priority: number }> {
  const { stdout } = await run('ps', ['-o', 'sid=,ni=', '-p', String(pid)])
  const [session = Number.NaN, priority = Number.NaN] = stdout.trim().split(/\s+/).map(Number)
  return { session, priority }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The process of the worker that a gateway has started, other than `former`; waits until there is one. */
export async function workerOf(gatewayPid: number, former?: number): Promise<number> {
  for (;;) {
    const found = (await processes()).find(
      ({ pid, parent, command }) => pid !== former && parent === gatewayPid && command.includes('--role worker'),
    )
    if (found) return found.pid
    await sleep(20)
  }
}
