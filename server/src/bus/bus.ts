import type { Delivery, EventData, EventName, Topic } from '@cuewire/protocol'
import type { Position, ReadFrom } from '../storage/event-log.js'

/** An event to deliver to subscribers, encoded once for all of them. */
export interface BusEvent {
  readonly topic: Topic
  readonly type: EventName
  readonly delivery: Delivery
  /** Place in the topic; only reliable events have one. */
  readonly seq: number | undefined
  /** A newer `latest` event of the same topic and key replaces this one. */
  readonly key: string | undefined
  /** The event frame as UTF-8 JSON. */
  readonly frame: Uint8Array
}

export type Recovery =
  | { readonly status: 'current' }
  | { readonly status: 'replayed'; readonly events: readonly BusEvent[] }
  | { readonly status: 'gap'; readonly oldest: number }

export interface Subscription {
  /** The position the replay ends at and live delivery begins after. */
  readonly position: Position
  readonly recovery: Recovery
  unsubscribe(): void
}

/**
 * Delivers the events of one tenant to sessions. Reliable events come from the log, where they are written with the
 * changes they report. `latest` and `volatile` events are published here; losing one is allowed.
 */
export interface Bus {
  /** `key` identifies the subject of a `latest` event within its type. By default there is one subject per type. */
  publish<N extends EventName>(topic: Topic, type: N, data: EventData<N>, key?: string): void
  /** A `from` without the epoch of the log is a gap, except 0, which asks for every event from the first on. */
  subscribe(topic: Topic, listener: (event: BusEvent) => void, from?: ReadFrom): Promise<Subscription>
}
