import { cuewireCommand } from '../lib/cuewire-command.js'
import type { HealthCheck } from './health.js'

/** A worker takes a job at once: one that waits for longer while nothing runs has none. */
const UNATTENDED_MS = 10_000

/** Tells of jobs that wait in vain. That does not make it fail: a gateway does all its own work without a worker. */
export function workerCheck(queue: { unattended(forMs: number): Promise<number> }, isElsewhere: boolean): HealthCheck {
  const remedy = isElsewhere
    ? `start one with: ${cuewireCommand('serve --role worker')}`
    : 'the log tells what became of it'
  return {
    name: 'worker',
    check: async () => {
      const waiting = await queue.unattended(UNATTENDED_MS)
      if (waiting === 0) return undefined
      return `${waiting} ${waiting === 1 ? 'job waits' : 'jobs wait'}, and no worker runs one: ${remedy}`
    },
  }
}
