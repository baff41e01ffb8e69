import type { EventName, Topic } from '@cuewire/protocol'
import type { OfTenant } from './of-tenant.js'

/** A reliable event that is to be written. */
export interface EventDraft {
  readonly topic: Topic
  readonly type: EventName
  readonly data: unknown
}

/** A reliable event as the log has it. */
export interface LoggedEvent {
  /** Place in the log of all tenants. */
  readonly id: number
  readonly topic: Topic
  readonly type: EventName
  /** Place in the topic. */
  readonly seq: number
  /** The event frame as UTF-8 JSON. */
  readonly frame: Uint8Array
}

/** Where a topic stands: `seq` is the number of its last reliable event, 0 before the first. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

/** A position a reader knows; without the epoch of the log it is no position in it, except 0, its beginning. */
export interface ReadFrom {
  readonly since: number
  readonly epoch: string | undefined
}

/** The events after a position, or the number of the oldest that is kept when some of them are not. */
export type Missed = { readonly events: readonly LoggedEvent[] } | { readonly oldest: number }

/** The reliable events of one tenant. */
export interface EventStore {
  /** Writes events behind those there are; inside `atomically`, together with the changes they tell of. */
  append(events: readonly EventDraft[]): Promise<void>
  /** Where a topic stands, and what came after `from`. */
  read(topic: Topic, from?: ReadFrom): Promise<{ readonly position: Position; readonly missed: Missed }>
}

/** The log of the reliable events of all tenants. */
export interface EventLog {
  /** Number of the newest event; 0 before the first. */
  newest(): Promise<number>
  /** The next events after a number, in order. */
  after(id: number, limit: number): Promise<OfTenant<LoggedEvent>[]>
  /** Calls back when events have been written here. */
  onAppended(listener: () => void): void
  /** Drops what is too old or too much, in steps between which other work gets its turn. */
  trim(): Promise<void>
}
