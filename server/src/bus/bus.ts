import type { Delivery, EventData, EventName, Topic } from '@cuewire/protocol'

/** An event on its way to subscribers: encoded once, whoever listens. */
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

/** Where a topic stands: `seq` is the number of its last reliable event, 0 before the first. */
export interface Position {
  readonly epoch: string
  readonly seq: number
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

/** Carries events from the domain to sessions, and keeps a bounded history of each topic for resuming. */
export interface Bus {
  /** `key` names what a `latest` event is about, within its type; the type alone unless told. */
  publish<N extends EventName>(topic: Topic, type: N, data: EventData<N>, key?: string): void
  /** `since` without the current epoch is a gap, except 0: every event of this epoch, if none was dropped. */
  subscribe(
    topic: Topic,
    listener: (event: BusEvent) => void,
    from?: { readonly since: number; readonly epoch: string | undefined },
  ): Promise<Subscription>
  close(): Promise<void>
}
