import { randomBytes } from 'node:crypto'
import type { EventData, EventName, Topic } from '@cuewire/protocol'
import type { Bus, BusEvent, Recovery, Subscription } from './bus.js'
import { encodeEvent } from './encode.js'
import { History, type HistoryLimits } from './history.js'

interface TopicState {
  readonly epoch: string
  seq: number
  readonly history: History
  readonly listeners: Set<(event: BusEvent) => void>
}

interface InProcessBusOptions {
  readonly history: HistoryLimits
  /** Throws when data does not fit the event's schema; absent where output is not checked. */
  readonly check?: ((type: EventName, data: unknown) => void) | undefined
  readonly now?: () => number
}

/** The bus of a single process: synchronous, ordered per topic. */
export function createInProcessBus({ history, check, now = Date.now }: InProcessBusOptions): Bus {
  const topics = new Map<Topic, TopicState>()

  const stateOf = (topic: Topic): TopicState => {
    let state = topics.get(topic)
    if (!state) {
      state = {
        epoch: randomBytes(6).toString('base64url'),
        seq: 0,
        history: new History(history),
        listeners: new Set(),
      }
      topics.set(topic, state)
    }
    return state
  }

  const recover = (state: TopicState, since: number, epoch: string | undefined): Recovery => {
    const known = since === 0 ? epoch === undefined || epoch === state.epoch : epoch === state.epoch
    const missed = known && since <= state.seq ? state.history.after(since, state.seq, now()) : undefined
    if (!missed) return { status: 'gap', oldest: state.history.oldest(state.seq) }
    return missed.length === 0 ? { status: 'current' } : { status: 'replayed', events: missed }
  }

  return {
    publish<N extends EventName>(topic: Topic, type: N, data: EventData<N>, key?: string): void {
      check?.(type, data)
      const state = stateOf(topic)
      const at = now()
      const event = encodeEvent({ topic, type, data, seq: state.seq + 1, at: new Date(at).toISOString(), key })
      if (event.seq !== undefined) {
        state.seq = event.seq
        state.history.push(event, event.seq, at)
      }
      for (const listener of state.listeners) listener(event)
    },

    async subscribe(topic, listener, from): Promise<Subscription> {
      const state = stateOf(topic)
      const recovery: Recovery = from ? recover(state, from.since, from.epoch) : { status: 'current' }
      state.listeners.add(listener)
      return {
        position: { epoch: state.epoch, seq: state.seq },
        recovery,
        unsubscribe: () => void state.listeners.delete(listener),
      }
    },

    async close(): Promise<void> {
      for (const state of topics.values()) state.listeners.clear()
      topics.clear()
    },
  }
}
