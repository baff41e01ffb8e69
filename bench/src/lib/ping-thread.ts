import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Who answers: Cuewire, or a bare server that sends each frame back. */
export type Pinged = 'cuewire' | 'echo'

/** Pings a server from a thread of its own, so that what this thread does delays none. */
export class PingThread {
  readonly #worker: Worker

  constructor(port: number, peer: Pinged = 'cuewire') {
    this.#worker = new Worker(new URL('./ping-worker.js', import.meta.url), { workerData: { port, peer } })
  }

  /** How long the pings waited, in milliseconds, that came back since the last call. */
  async take(): Promise<number[]> {
    this.#worker.postMessage('take')
    const [waits] = await once(this.#worker, 'message')
    return waits as number[]
  }

  async stop(): Promise<void> {
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage('stop')
    await ended
  }
}
