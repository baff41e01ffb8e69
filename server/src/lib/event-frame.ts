import type { EventName, Topic } from '@cuewire/protocol'

interface EventFrameParts {
  readonly type: EventName
  readonly topic: Topic
  /** Of reliable events. */
  readonly seq?: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly data: unknown
}

/** The frame of an event as JSON: encoded once, whoever gets it. */
export function eventFrame({ type, topic, seq, at, data }: EventFrameParts): string {
  const sequenced = seq === undefined ? {} : { seq }
  return JSON.stringify({ type, topic, ...sequenced, at: new Date(at).toISOString(), data })
}
