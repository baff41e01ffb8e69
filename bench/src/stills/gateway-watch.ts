import { readFileSync } from 'node:fs'
import { processRssBytes } from '../lib/process-memory.js'
import { children, ifAlive } from '../pipeline/process-tree.js'

const INTERVAL_MS = 20

/** The most that was seen while a gateway was watched. */
export interface Watched {
  /** ffmpegs at once. */
  readonly children: number
  /** Memory of the gateway and its media process, which starts them. */
  readonly peakBytes: number
}

/** Watches the ffmpegs and the memory of a gateway. Linux only. */
export class GatewayWatch {
  #children = 0
  #peakBytes = 0
  readonly #timer: NodeJS.Timeout

  constructor(private readonly pid: number) {
    this.#look()
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS)
  }

  /** Ends the watch. */
  stop(): Watched {
    clearInterval(this.#timer)
    return { children: this.#children, peakBytes: this.#peakBytes }
  }

  #look(): void {
    const ffmpegs = mediaProcesses(this.pid).flatMap(pid => ifAlive(() => children(pid), []))
    this.#children = Math.max(this.#children, ffmpegs.length)
    this.#peakBytes = Math.max(this.#peakBytes, gatewayBytes(this.pid))
  }
}

/** Memory of a gateway and its media process, in bytes. */
export function gatewayBytes(pid: number): number {
  return [pid, ...mediaProcesses(pid)].reduce((sum, each) => sum + ifAlive(() => processRssBytes(each), 0), 0)
}

function mediaProcesses(gateway: number): number[] {
  const isMedia = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('media/process/child.js')
  return children(gateway).filter(pid => ifAlive(() => isMedia(pid), false))
}
