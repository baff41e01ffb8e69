import Denque from 'denque'
import type { BusEvent } from '../bus/bus.js'

/** Events of a subscription that is not live yet, in order: the missed ones, then those that arrived meanwhile. */
export class Backlog {
  private readonly events = new Denque<BusEvent>()
  private missed = 0
  private liveBytes = 0

  /** Bytes of the events that arrived meanwhile; missed events are shared with the topic's history. */
  get bytes(): number {
    return this.liveBytes
  }

  /** Puts the missed events in front. Call once. */
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
