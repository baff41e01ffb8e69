import { randomUUID } from 'node:crypto'

/** Names this process in what it holds, so that others on this machine can tell when it is dead. */
export const PROCESS_ID = `${process.pid}.${randomUUID()}`

/** Whether a process of this machine is certainly dead; of another, and of a name that is none, nothing is known. */
export function isDead(processId: string): boolean {
  const pid = /^(\d+)\./.exec(processId)?.[1]
  if (pid === undefined || processId === PROCESS_ID) return false
  // The number is ours now, so whoever had it before is gone.
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
