import { AppError } from '../lib/app-error.js'

/** Limits running commands per sender, where there is no connection to count them. */
export class InFlight {
  private readonly counts = new Map<string, number>()
  private onIdle: () => void = () => undefined

  constructor(private readonly limit: number) {}

  /** Runs the work of a sender. Rejects with `limit.in_flight` at the limit. */
  async run<T>(sender: string, work: () => T | Promise<T>): Promise<T> {
    const count = this.counts.get(sender) ?? 0
    if (count >= this.limit) {
      throw new AppError(
        'limit.in_flight',
        `${this.limit} commands are already waiting for their reply, which is the limit; wait for one of them.`,
      )
    }
    this.counts.set(sender, count + 1)
    try {
      return await work()
    } finally {
      this.leave(sender)
    }
  }

  /** Resolves when nothing is running, or when the signal aborts. */
  async idle(signal: AbortSignal): Promise<void> {
    if (this.counts.size === 0 || signal.aborted) return
    await new Promise<void>(resolve => {
      this.onIdle = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  private leave(sender: string): void {
    const left = (this.counts.get(sender) ?? 0) - 1
    if (left > 0) this.counts.set(sender, left)
    else this.counts.delete(sender)
    if (this.counts.size === 0) this.onIdle()
  }
}
