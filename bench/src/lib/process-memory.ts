import { readFileSync } from 'node:fs'

/** Memory a process holds (VmRSS of proc(5)), in bytes. Linux only. */
export function processRssBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status tells no VmRSS`)
  return Number(kilobytes) * 1024
}
