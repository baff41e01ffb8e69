import { readdirSync, readFileSync } from 'node:fs'

const INTERVAL_MS = 100
/** Pages of x86-64 and of most ARM kernels. */
const PAGE_BYTES = 4096

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
    this.#peakBytes = Math.max(this.#peakBytes, treeRssBytes(this.pid))
  }
}

/** Memory of a process and its descendants. Pages they share count once for each. */
export function treeRssBytes(pid: number): number {
  return ifAlive(() => rssBytes(pid) + children(pid).reduce((sum, child) => sum + treeRssBytes(child), 0))
}

/** The second field of statm (proc(5)); of a process that ended and was not waited for yet it is 0. */
function rssBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES
}

function children(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`)
  return threads.flatMap(thread => {
    const list = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim()
    return list === '' ? [] : list.split(' ').map(Number)
  })
}

/** A process, or a thread, may end while it is looked at: then it holds nothing. */
function ifAlive(read: () => number): number {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return 0
    throw error
  }
}
