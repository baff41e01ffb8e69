import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

const INTERVAL_MS = 100
/** The unit of CPU times in /proc: USER_HZ, 100 on Linux. */
const TICK_SECONDS = 0.01

/** Watches the memory that a process and all its descendants hold together. Linux only. */
export class MemoryWatch {
  #peakBytes = 0
  readonly #timer: NodeJS.Timeout

  constructor(private readonly pid: number) {
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS)
  }

  /** Ends the watch; the most that was held at once, in bytes. */
  stop(): number {
    clearInterval(this.#timer)
    this.#look()
    return this.#peakBytes
  }

  #look(): void {
    this.#peakBytes = Math.max(this.#peakBytes, treeBytes(this.pid))
  }
}

/** CPU seconds of a process, its descendants and those that have ended. Linux only. */
export function treeCpuSeconds(pid: number): number {
  return sumOver(pid, each => {
    const stat = readFileSync(`/proc/${each}/stat`, 'utf8')
    // After the name in parentheses: utime, stime, and those of waited-for children, the 12th to 15th field (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_SECONDS
  })
}

/** Memory of a process and its descendants. What those of one program have mapped of it, they share: it counts once. */
function treeBytes(pid: number): number {
  const mapped = new Map<string, number>()
  const own = sumOver(pid, each => {
    const { RssAnon, RssShmem, RssFile } = residentBytes(each)
    const program = readlinkSync(`/proc/${each}/exe`)
    mapped.set(program, Math.max(mapped.get(program) ?? 0, RssFile))
    return RssAnon + RssShmem
  })
  return Array.from(mapped.values()).reduce((sum, bytes) => sum + bytes, own)
}

/** The names of the programs that a process and its descendants run. */
export function programsOf(pid: number): string[] {
  const [own = ''] = ifAlive(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '').split('\0')
  return [basename(own), ...ifAlive(() => children(pid), []).flatMap(programsOf)]
}

function sumOver(pid: number, measure: (pid: number) => number): number {
  return ifAlive(() => measure(pid) + children(pid).reduce((sum, child) => sum + sumOver(child, measure), 0), 0)
}

/** The parts of resident memory (proc(5)); of a process that ended and was not waited for yet they are 0. */
function residentBytes(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024
  return { RssAnon: bytes('RssAnon'), RssShmem: bytes('RssShmem'), RssFile: bytes('RssFile') }
}

/** Processes that this one has started and that run. */
export function children(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`)
  return threads.flatMap(thread => {
    const list = ifAlive(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim(), '')
    return list === '' ? [] : list.split(' ').map(Number)
  })
}

/** A process, or a thread, may end while it is looked at: then this returns `nothing`. */
export function ifAlive<T>(read: () => T, nothing: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return nothing
    throw error
  }
}
