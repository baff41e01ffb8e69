import { readFileSync } from 'node:fs'

/** The unit of CPU times in /proc: USER_HZ, 100 on Linux. */
const TICK_SECONDS = 0.01

/** CPU seconds used by `run`: by this process with all its threads, and by children that ended meanwhile. Linux only. */
export async function cpuSecondsOf(run: () => Promise<unknown>): Promise<number> {
  const before = cpuSeconds()
  await run()
  return cpuSeconds() - before
}

function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  // After the name in parentheses: utime, stime, and those of waited-for children, the 12th to 15th field (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_SECONDS
}
