import { readFileSync } from 'node:fs'

/** The unit of CPU times in /proc: USER_HZ, 100 on Linux. */
const TICK_MS = 10

/** CPU time a process has used with all its threads, in milliseconds; undefined where there is no /proc. */
export function processCpuMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold spaces; utime and stime are the 12th and 13th field after it (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
