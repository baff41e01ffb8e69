import Denque from 'denque'
import type { BusEvent } from './bus.js'

export interface HistoryLimits {
  readonly count: number
  readonly bytes: number
  readonly ageMs: number
}

interface Kept {
  readonly event: BusEvent
  readonly seq: number
  /** By a clock that never goes back, as every `now` here. */
  readonly at: number
}

/** The last reliable events of one topic, bounded by count, bytes and age. */
export class History {
  private readonly kept = new Denque<Kept>()
  private keptBytes = 0

  constructor(private readonly limits: HistoryLimits) {}

  get bytes(): number {
    return this.keptBytes
  }

  push(event: BusEvent, seq: number, now: number): void {
    this.kept.push({ event, seq, at: now })
    this.keptBytes += event.frame.byteLength
    this.trim(now)
  }

  /** The events after `since`, or undefined when some of them are no longer kept. `last` is the newest number given out. */
  after(since: number, last: number): BusEvent[] | undefined {
    if (since < this.oldest(last) - 1) return undefined
    const { length } = this.kept
    const missed: BusEvent[] = []
    // Numbers have no holes.
    for (let i = length - (last - since); i < length; i++) missed.push((this.kept.peekAt(i) as Kept).event)
    return missed
  }

  /** The oldest number still kept, or the next one to be given out. */
  oldest(last: number): number {
    return this.kept.peekFront()?.seq ?? last + 1
  }

  clear(): void {
    this.kept.clear()
    this.keptBytes = 0
  }

  /** Drops what is over the limits by now. */
  trim(now: number): void {
    const { count, bytes, ageMs } = this.limits
    for (let oldest = this.kept.peekFront(); oldest; oldest = this.kept.peekFront()) {
      if (this.kept.length <= count && this.keptBytes <= bytes && now - oldest.at <= ageMs) return
      this.keptBytes -= oldest.event.frame.byteLength
      this.kept.shift()
    }
  }
}
