import { EVENTS, type EventData, type EventName, type Topic } from '@cuewire/protocol'
import type { Bus } from '@cuewire/server/bus/bus.js'
import { EventStreams } from '@cuewire/server/bus/event-streams.js'
import { createMemoryNotices } from '@cuewire/server/bus/memory-notices.js'
import { systemClock } from '@cuewire/server/lib/clock.js'
import { eventFrame } from '@cuewire/server/lib/event-frame.js'
import type { LoggedEvent } from '@cuewire/server/storage/event-log.js'

const EPOCH = 'memory'

/**
 * The bus of a tenant whose log is in memory and keeps the last `kept` events of a topic: for sessions that are tested
 * without a store. Events of every class are published at once.
 */
export function createMemoryBus({ kept = 1000 }: { readonly kept?: number } = {}): Bus {
  const topics = new Map<Topic, LoggedEvent[]>()
  const streams = new EventStreams({
    notices: createMemoryNotices(),
    clock: systemClock,
    eventsOf: () => ({
      async read(topic, from) {
        const log = topics.get(topic) ?? []
        const position = { epoch: EPOCH, seq: log.length }
        if (!from) return { position, missed: { events: [] } }
        const oldest = Math.max(1, log.length - kept + 1)
        const isKnown = from.epoch === EPOCH || (from.since === 0 && from.epoch === undefined)
        const isKept = isKnown && from.since <= log.length && from.since + 1 >= oldest
        return { position, missed: isKept ? { events: log.slice(from.since) } : { oldest } }
      },
    }),
  })
  const bus = streams.for('default')
  return {
    subscribe: bus.subscribe,
    publish<N extends EventName>(topic: Topic, type: N, data: EventData<N>, key?: string) {
      if (EVENTS[type].delivery !== 'reliable') {
        bus.publish(topic, type, data, key)
        return
      }
      const log = topics.get(topic) ?? []
      topics.set(topic, log)
      const seq = log.length + 1
      const event = { id: seq, topic, type, seq, frame: Buffer.from(eventFrame({ type, topic, seq, at: 0, data })) }
      log.push(event)
      streams.deliver({ tenant: 'default', ...event })
    },
  }
}
