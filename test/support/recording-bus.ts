import { EVENTS, type EventData, type EventName, type Topic } from '@cuewire/protocol'
import type { Bus } from '@cuewire/server/bus/bus.js'
import { Ajv } from 'ajv'

export interface Recorded<N extends EventName = EventName> {
  readonly topic: Topic
  readonly type: N
  readonly data: EventData<N>
  readonly key: string | undefined
  /** Milliseconds since the bus was made. */
  readonly atMs: number
}

const ajv = new Ajv({ allErrors: true })

/** A bus that keeps what is published, and what it is told of the log, and refuses an event that breaks the protocol. */
export class RecordingBus implements Bus {
  readonly events: Recorded[] = []
  readonly #startedAt = performance.now()
  readonly #waiting = new Set<() => void>()

  constructor(private readonly onEvent?: (event: Recorded) => void) {}

  publish<N extends EventName>(topic: Topic, type: N, data: EventData<N>, key?: string): void {
    this.record(topic, type, data, key)
  }

  /** Keeps an event, published or logged. */
  record<N extends EventName>(topic: Topic, type: N, data: EventData<N>, key?: string): void {
    const row = EVENTS[type]
    if (!ajv.validate(row.data, data)) throw new Error(`${type}: ${ajv.errorsText()}`)
    const kind = topic.split('/')[0]
    if (!(row.topics as readonly (string | undefined)[]).includes(kind)) throw new Error(`${type} is not for ${topic}`)
    const event: Recorded = { topic, type, data, key, atMs: performance.now() - this.#startedAt }
    this.events.push(event)
    this.onEvent?.(event)
    for (const look of [...this.#waiting]) look()
  }

  of<N extends EventName>(type: N, topic?: Topic): Recorded<N>[] {
    return this.events.filter(
      (event): event is Recorded<N> => event.type === type && (topic === undefined || event.topic === topic),
    )
  }

  /** Resolves to the first event, past or to come, that fits; rejects when none comes in time. */
  async waitFor(fits: (event: Recorded) => boolean, timeoutMs = 120_000): Promise<Recorded> {
    return await new Promise((resolve, reject) => {
      const look = () => {
        const found = this.events.find(fits)
        if (!found) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error(`no such event within ${timeoutMs} ms`))
      }, timeoutMs)
      this.#waiting.add(look)
      look()
    })
  }

  subscribe(): never {
    throw new Error('a recording bus has no subscribers')
  }
}
