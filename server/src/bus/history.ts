import type { BusEvent } from './bus.js'

export interface HistoryLimits {
  readonly count: number
  readonly bytes: number
  readonly ageMs: number
}

interface Kept {
  readonly event: BusEvent
  readonly seq: number
  readonly at: number
}

/** The last reliable events of one topic, bounded by count, bytes and age. */
export class History {
  private kept: Kept[] = []
  private first = 0
  private bytes = 0

  constructor(private readonly limits: HistoryLimits) {}

  push(event: BusEvent, seq: number, now: number): void {
    this.kept.push({ event, seq, at: now })
    this.bytes += event.frame.byteLength
    this.trim(now)
  }

  /** The events after `since`, or undefined when some of them are no longer kept. `last` is the newest number given out. */
  after(since: number, last: number, now: number): BusEvent[] | undefined {
    this.trim(now)
    if (since < this.oldest(last) - 1) return undefined
    const missed: BusEvent[] = []
    for (let i = this.first; i < this.kept.length; i++) {
      const entry = this.kept[i]
      if (entry && entry.seq > since) missed.push(entry.event)
    }
    return missed
  }

  /** The oldest number still kept, or the next one to be given out. */
  oldest(last: number): number {
    return this.kept[this.first]?.seq ?? last + 1
  }

  private trim(now: number): void {
    const { count, bytes, ageMs } = this.limits
    for (;;) {
      const entry = this.kept[this.first]
      if (!entry) break
      const over = this.kept.length - this.first > count || this.bytes > bytes || now - entry.at > ageMs
      if (!over) break
      this.bytes -= entry.event.frame.byteLength
      this.first++
    }
    // Cutting the array now and then keeps dropping the oldest event cheap on average.
    if (this.first > 64 && this.first * 2 > this.kept.length) {
      this.kept = this.kept.slice(this.first)
      this.first = 0
    }
  }
}
