import { randomUUID } from 'node:crypto'

/** Identifies this process in leases, so that other processes on this machine can tell when it has died. */
export const PROCESS_ID = `${process.pid}.${randomUUID()}`

/** True only if the process is known to be dead; false for ids of another machine and malformed ids. */
export function isDead(processId: string): boolean {
  const pid = /^(\d+)\./.exec(processId)?.[1]
  if (pid === undefined || processId === PROCESS_ID) return false
  // This process has the same pid, so the previous owner is gone.
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
