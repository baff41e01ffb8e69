import type { EventName, Topic } from '@cuewire/protocol'
import type { OfTenant } from './of-tenant.js'

/** A reliable event to write. */
export interface EventDraft {
  readonly topic: Topic
  readonly type: EventName
  readonly data: unknown
}

/** A reliable event in the log. */
export interface LoggedEvent {
  /** Number in the log of all tenants. */
  readonly id: number
  readonly topic: Topic
  readonly type: EventName
  /** Number in its topic. */
  readonly seq: number
  /** The event frame as UTF-8 JSON. */
  readonly frame: Uint8Array
}

/** Position of a topic: `seq` is the number of its last reliable event, 0 before the first. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

/** A position known to a reader. It is valid only with the epoch of the log, except 0, the beginning. */
export interface ReadFrom {
  readonly since: number
  readonly epoch: string | undefined
}

/** The events after a position, or, if some are no longer kept, the number of the oldest kept event. */
export type Missed = { readonly events: readonly LoggedEvent[] } | { readonly oldest: number }

/** The reliable events of one tenant. */
export interface EventStore {
  /** Appends events. Inside `atomically`, they are written together with the changes they report. */
  append(events: readonly EventDraft[]): Promise<void>
  /** Reads the position of a topic, and the events after `from`. */
  read(topic: Topic, from?: ReadFrom): Promise<{ readonly position: Position; readonly missed: Missed }>
}

/** The log of the reliable events of all tenants. */
export interface EventLog {
  /** Number of the newest event; 0 before the first. */
  newest(): Promise<number>
  /** The next events after a number, in order. */
  after(id: number, limit: number): Promise<OfTenant<LoggedEvent>[]>
  /** Calls back after events have been written by this process. */
  onAppended(listener: () => void): void
  /** Drops old and excess events, in steps that let other work run. */
  trim(): Promise<void>
}
