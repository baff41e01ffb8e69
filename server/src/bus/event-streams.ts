import { EVENTS, type EventData, type EventName, type Topic } from '@cuewire/protocol'
import { assert } from '../lib/assert.js'
import type { Clock } from '../lib/clock.js'
import { eventFrame } from '../lib/event-frame.js'
import type { EventStore, LoggedEvent, Position, ReadFrom } from '../storage/event-log.js'
import type { OfTenant } from '../storage/of-tenant.js'
import type { Bus, BusEvent, Recovery, Subscription } from './bus.js'
import type { Notice, Notices } from './notices.js'

interface EventStreamsOptions {
  readonly notices: Notices
  readonly eventsOf: (tenant: string) => Pick<EventStore, 'read'>
  readonly clock: Pick<Clock, 'now'>
  /** Throws if data does not fit the schema of the event. Absent if output is not checked. */
  readonly check?: ((type: EventName, data: unknown) => void) | undefined
}

/** One subscriber of a topic. */
interface Listener {
  readonly hear: (event: BusEvent) => void
  /** The position after which live delivery begins; undefined while it is being read. */
  after: number | undefined
  /** Events that arrived meanwhile. */
  held: BusEvent[]
}

/** Live events of all tenants: those of the log as it grows, and those published without the log. */
export class EventStreams {
  readonly #listeners = new Map<string, Set<Listener>>()

  constructor(private readonly options: EventStreamsOptions) {
    options.notices.listen(notice => {
      if (notice.kind === 'published') this.#tell(nameOf(notice.tenant, notice.topic), passing(notice))
    })
  }

  /** Whether there is any listener. */
  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  for(tenant: string): Bus {
    return {
      publish: (topic, type, data, key) => this.#publish(tenant, topic, { type, data, key }),
      subscribe: (topic, listener, from) => this.#subscribe({ tenant, topic, from }, listener),
    }
  }

  /** Delivers a new event of the log to the listeners of its topic. */
  deliver({ tenant, ...event }: OfTenant<LoggedEvent>): void {
    this.#tell(nameOf(tenant, event.topic), reliable(event))
  }

  #publish<N extends EventName>(
    tenant: string,
    topic: Topic,
    { type, data, key = '' }: { type: N; data: EventData<N>; key: string | undefined },
  ): void {
    const { delivery } = EVENTS[type]
    assert(delivery !== 'reliable', `${type} is for the log`)
    this.options.check?.(type, data)
    const frame = eventFrame({ type, topic, at: this.options.clock.now(), data })
    const replaces = delivery === 'latest' ? `${topic} ${type} ${key}` : undefined
    this.options.notices.send({ kind: 'published', tenant, topic, type, delivery, key: replaces, frame })
  }

  async #subscribe(
    { tenant, topic, from }: { tenant: string; topic: Topic; from: ReadFrom | undefined },
    hear: (event: BusEvent) => void,
  ): Promise<Subscription> {
    const name = nameOf(tenant, topic)
    const listener: Listener = { hear, after: undefined, held: [] }
    this.#add(name, listener)
    const unsubscribe = () => this.#remove(name, listener)
    try {
      // Listen first, then read. An event written meanwhile shows up in both or either; its number tells duplicates
      // apart.
      const { position, missed } = await this.options.eventsOf(tenant).read(topic, from)
      begin(listener, position)
      return { position, recovery: recoveryOf(missed), unsubscribe }
    } catch (error) {
      unsubscribe()
      throw error
    }
  }

  #tell(name: string, event: BusEvent): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      if (listener.after === undefined) listener.held.push(event)
      else if (event.seq === undefined || event.seq > listener.after) listener.hear(event)
    }
  }

  #add(name: string, listener: Listener): void {
    const known = this.#listeners.get(name)
    if (known) known.add(listener)
    else this.#listeners.set(name, new Set([listener]))
  }

  #remove(name: string, listener: Listener): void {
    const known = this.#listeners.get(name)
    known?.delete(listener)
    if (known?.size === 0) this.#listeners.delete(name)
  }
}

function passing({ topic, type, delivery, key, frame }: Extract<Notice, { kind: 'published' }>): BusEvent {
  return { topic, type, delivery, seq: undefined, key, frame: Buffer.from(frame) }
}

function begin(listener: Listener, position: Position): void {
  listener.after = position.seq
  const { held } = listener
  listener.held = []
  for (const event of held) if (event.seq === undefined || event.seq > position.seq) listener.hear(event)
}

function recoveryOf(missed: Awaited<ReturnType<EventStore['read']>>['missed']): Recovery {
  if ('oldest' in missed) return { status: 'gap', oldest: missed.oldest }
  if (missed.events.length === 0) return { status: 'current' }
  return { status: 'replayed', events: missed.events.map(reliable) }
}

function reliable({ topic, type, seq, frame }: LoggedEvent): BusEvent {
  return { topic, type, delivery: 'reliable', seq, key: undefined, frame }
}

/** Unambiguous, because a tenant name contains no space. */
const nameOf = (tenant: string, topic: Topic) => `${tenant} ${topic}`
