import Denque from 'denque'
import type { BusEvent } from '../bus/bus.js'

/** The events of a subscription that is not live yet, in order: first those that were missed, then those that came since. */
export class Backlog {
  private readonly events = new Denque<BusEvent>()
  private missed = 0
  private liveBytes = 0

  /** Bytes of what came since; what was missed is shared with the topic's history. */
  get bytes(): number {
    return this.liveBytes
  }

  /** Puts what was missed before all that came since; to be called once. */
  begin(missed: readonly BusEvent[]): void {
    for (let i = missed.length - 1; i >= 0; i--) this.events.unshift(missed[i] as BusEvent)
    this.missed = missed.length
  }

  push(event: BusEvent): void {
    this.events.push(event)
    this.liveBytes += event.frame.byteLength
  }

  shift(): BusEvent | undefined {
    const event = this.events.shift()
    if (event === undefined) return undefined
    if (this.missed > 0) this.missed--
    else this.liveBytes -= event.frame.byteLength
    return event
  }
}
