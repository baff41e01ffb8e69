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

/** The frame of an event, as UTF-8 JSON: encoded once, whoever gets it. */
export function eventFrame({ type, topic, seq, at, data }: EventFrameParts): Uint8Array {
  const sequenced = seq === undefined ? {} : { seq }
  return Buffer.from(JSON.stringify({ type, topic, ...sequenced, at: new Date(at).toISOString(), data }))
}
