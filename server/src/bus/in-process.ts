import { randomBytes } from 'node:crypto'
import type { EventData, EventName, Topic } from '@cuewire/protocol'
import { type Clock, systemClock } from '../lib/clock.js'
import type { Bus, BusEvent, Recovery, Subscription } from './bus.js'
import { encodeEvent } from './encode.js'
import { History, type HistoryLimits } from './history.js'

interface TopicState {
  readonly epoch: string
  seq: number
  /** Of its last event or subscription, by `clock.elapsed`. */
  usedAt: number
  readonly history: History
  readonly listeners: Set<(event: BusEvent) => void>
}

interface InProcessBusOptions {
  /** Of each topic. */
  readonly history: HistoryLimits
  /** Bytes kept of all topics together; the one that was quiet for longest gives its history up first. @default 64 MiB */
  readonly totalBytes?: number
  /** A topic without history or listeners is forgotten after this time; used again, it begins a new epoch. @default 24 h */
  readonly forgetMs?: number
  /** Throws when data does not fit the event's schema; absent where output is not checked. */
  readonly check?: ((type: EventName, data: unknown) => void) | undefined
  /** @default the system's */
  readonly clock?: Clock
}

export interface InProcessBus extends Bus {
  /** Bytes of all histories. */
  readonly bytes: number
  /** Drops what has grown too old; to be called about once a minute. */
  sweep(): void
}

const TOTAL_BYTES = 64 * 1024 * 1024
const FORGET_MS = 24 * 60 * 60 * 1000

/** The bus of a single process: synchronous, ordered per topic. */
export function createInProcessBus(options: InProcessBusOptions): InProcessBus {
  const { history: limits, totalBytes = TOTAL_BYTES, forgetMs = FORGET_MS, check, clock = systemClock } = options
  const topics = new Map<Topic, TopicState>()
  /** Topics with a history, the one that was quiet for longest first. */
  const remembered = new Set<TopicState>()
  let keptBytes = 0

  const stateOf = (topic: Topic): TopicState => {
    const known = topics.get(topic)
    if (known) return known
    const epoch = randomBytes(6).toString('base64url')
    const state = { epoch, seq: 0, usedAt: clock.elapsed(), history: new History(limits), listeners: new Set<never>() }
    topics.set(topic, state)
    return state
  }

  /** Does something to a history, and keeps count. */
  const change = (state: TopicState, act: (history: History) => void) => {
    const { history } = state
    keptBytes -= history.bytes
    act(history)
    keptBytes += history.bytes
    if (history.bytes === 0) remembered.delete(state)
  }

  const keep = (state: TopicState, event: BusEvent, seq: number, at: number) => {
    remembered.delete(state)
    remembered.add(state)
    change(state, history => history.push(event, seq, at))
    for (const quiet of remembered) {
      if (keptBytes <= totalBytes || quiet === state) return
      change(quiet, history => history.clear())
    }
  }

  const recover = (state: TopicState, since: number, epoch: string | undefined): Recovery => {
    const known = since === 0 ? epoch === undefined || epoch === state.epoch : epoch === state.epoch
    change(state, history => history.trim(clock.elapsed()))
    const missed = known && since <= state.seq ? state.history.after(since, state.seq) : undefined
    if (!missed) return { status: 'gap', oldest: state.history.oldest(state.seq) }
    return missed.length === 0 ? { status: 'current' } : { status: 'replayed', events: missed }
  }

  return {
    get bytes() {
      return keptBytes
    },

    publish<N extends EventName>(topic: Topic, type: N, data: EventData<N>, key?: string): void {
      check?.(type, data)
      const state = stateOf(topic)
      const usedAt = clock.elapsed()
      state.usedAt = usedAt
      const at = new Date(clock.now()).toISOString()
      const event = encodeEvent({ topic, type, data, seq: state.seq + 1, at, key })
      if (event.seq !== undefined) {
        state.seq = event.seq
        keep(state, event, event.seq, usedAt)
      }
      for (const listener of state.listeners) listener(event)
    },

    async subscribe(topic, listener, from): Promise<Subscription> {
      const state = stateOf(topic)
      state.usedAt = clock.elapsed()
      const recovery: Recovery = from ? recover(state, from.since, from.epoch) : { status: 'current' }
      state.listeners.add(listener)
      return {
        position: { epoch: state.epoch, seq: state.seq },
        recovery,
        unsubscribe: () => void state.listeners.delete(listener),
      }
    },

    sweep() {
      const at = clock.elapsed()
      for (const [topic, state] of topics) {
        change(state, history => history.trim(at))
        const isIdle = state.listeners.size === 0 && state.history.bytes === 0
        if (isIdle && at - state.usedAt > forgetMs) topics.delete(topic)
      }
    },

    async close(): Promise<void> {
      for (const state of topics.values()) state.listeners.clear()
      topics.clear()
    },
  }
}
