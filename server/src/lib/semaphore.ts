/** Limits how many run at a time, first come first served. */
export class Semaphore {
  private readonly line: (() => void)[] = []

  constructor(private free: number) {}

  /** Number of waiters. */
  get waiting(): number {
    return this.line.length
  }

  /** Waits for a slot or until the signal aborts. Returns its release function, to be called once. */
  async acquire(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    if (this.free > 0) this.free--
    else await this.wait(signal)
    return () => {
      const next = this.line.shift()
      if (next) next()
      else this.free++
    }
  }

  private async wait(signal: AbortSignal | undefined): Promise<void> {
    let leave: (() => void) | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        this.line.push(resolve)
        leave = () => {
          this.line.splice(this.line.indexOf(resolve), 1)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', leave, { once: true })
      })
    } finally {
      if (leave) signal?.removeEventListener('abort', leave)
    }
  }
}
