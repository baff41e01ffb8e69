import { EVENTS, type EventData, type EventName, type Topic } from '@cuewire/protocol'
import type { BusEvent } from './bus.js'

interface EventInput<N extends EventName> {
  readonly topic: Topic
  readonly type: N
  readonly data: EventData<N>
  readonly seq: number
  readonly at: string
  readonly key: string | undefined
}

/** Encodes an event once for all its subscribers. Only reliable events carry their `seq`. */
export function encodeEvent<N extends EventName>({ topic, type, data, seq, at, key }: EventInput<N>): BusEvent {
  const { delivery } = EVENTS[type]
  const sequenced = delivery === 'reliable' ? { seq } : {}
  return {
    topic,
    type,
    delivery,
    seq: delivery === 'reliable' ? seq : undefined,
    key: delivery === 'latest' ? `${topic} ${type} ${key ?? ''}` : undefined,
    frame: Buffer.from(JSON.stringify({ type, topic, ...sequenced, at, data })),
  }
}
