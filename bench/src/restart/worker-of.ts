import { readFileSync } from 'node:fs'
import { pause } from '../lib/pause.js'
import { children } from '../pipeline/process-tree.js'

/** The worker that a gateway has started, other than `former`; waits until there is one. Linux only. */
export async function workerOf(gateway: number, signal: AbortSignal, former?: number): Promise<number> {
  for (;;) {
    const worker = children(gateway).find(pid => pid !== former && isWorker(pid))
    if (worker !== undefined) return worker
    await pause(5, signal)
  }
}

function isWorker(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('--role\0worker')
  } catch {
    return false
  }
}
