/** So many at a time, first come first served. */
export class Semaphore {
  private readonly waiting: (() => void)[] = []

  constructor(private free: number) {}

  /** Waits for a place; returns its release, to be called once. */
  async acquire(): Promise<() => void> {
    if (this.free > 0) this.free--
    else await new Promise<void>(resolve => this.waiting.push(resolve))
    return () => {
      const next = this.waiting.shift()
      if (next) next()
      else this.free++
    }
  }
}
