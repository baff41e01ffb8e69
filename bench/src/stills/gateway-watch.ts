import { processRssBytes } from '../lib/process-memory.js'
import { children, ifAlive } from '../pipeline/process-tree.js'

const INTERVAL_MS = 20

/** The most that was seen while a gateway was watched. */
export interface Watched {
  /** Children at once that it did not have when the watch began: its worker does not count. */
  readonly children: number
  /** Memory of the gateway alone. */
  readonly peakBytes: number
}

/** Watches the children and the memory of a gateway. Linux only. */
export class GatewayWatch {
  #children = 0
  #peakBytes = 0
  readonly #former: ReadonlySet<number>
  readonly #timer: NodeJS.Timeout

  constructor(private readonly pid: number) {
    this.#former = new Set(children(pid))
    this.#look()
    this.#timer = setInterval(() => ifAlive(() => this.#look(), undefined), INTERVAL_MS)
  }

  /** Ends the watch. */
  stop(): Watched {
    clearInterval(this.#timer)
    return { children: this.#children, peakBytes: this.#peakBytes }
  }

  #look(): void {
    const started = children(this.pid).filter(pid => !this.#former.has(pid))
    this.#children = Math.max(this.#children, started.length)
    this.#peakBytes = Math.max(this.#peakBytes, processRssBytes(this.pid))
  }
}
