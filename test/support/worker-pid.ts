import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The process of the worker that a gateway has started; waits until there is one. */
export async function workerOf(gatewayPid: number): Promise<number> {
  for (;;) {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args='])
    const lines = stdout.split('\n').map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    const found = lines.find(([, , parent, args]) => Number(parent) === gatewayPid && args?.includes('--role worker'))
    if (found) return Number(found[1])
    await sleep(20)
  }
}
