import type { CommandParams, CommandResult, Scope, Topic } from '@cuewire/protocol'
import type { Bus, BusEvent, Subscription } from '../bus/bus.js'
import { AppError } from '../lib/app-error.js'

interface SubscriptionsOptions {
  readonly bus: Bus
  readonly limit: number
  readonly deliver: (event: BusEvent) => void
  /** Whether the topic names something that exists. */
  readonly exists: (topic: Topic) => Promise<boolean>
  readonly allows: (scope: Scope) => boolean
}

type SubscribeResult = CommandResult<'subscribe'>

/** The topics one connection listens to. */
export class Subscriptions {
  private readonly active = new Map<Topic, Subscription>()
  /** By the result of a `subscribe` whose reply is not out yet: begins its delivery. */
  private readonly starts = new Map<unknown, () => void>()
  private closed = false

  constructor(private readonly options: SubscriptionsOptions) {}

  /**
   * Begins to listen. Events are held back until the reply is on its way, which `replied` tells: first come the missed
   * ones, then those of the meantime. Subscribing again begins anew.
   */
  async subscribe({ topic, since, epoch }: CommandParams<'subscribe'>): Promise<SubscribeResult> {
    const { bus, deliver, exists } = this.options
    this.check(topic)
    if (!(await exists(topic))) throw new AppError('topic.not_found', `There is nothing to subscribe to at ${topic}.`)

    let held: BusEvent[] | undefined = []
    const from = since === undefined ? undefined : { since, epoch }
    const subscription = await bus.subscribe(topic, event => (held ? void held.push(event) : deliver(event)), from)
    try {
      // Again: in the meantime other subscriptions may have begun, the token changed, or the connection ended.
      this.check(topic)
    } catch (error) {
      subscription.unsubscribe()
      throw error
    }
    this.unsubscribe(topic)
    this.active.set(topic, subscription)
    const { position, recovery } = subscription
    const missed = recovery.status === 'replayed' ? recovery.events : []
    const result: SubscribeResult = {
      topic,
      ...position,
      recovery: recovery.status,
      ...(recovery.status === 'replayed' && { replayed: missed.length }),
      ...(recovery.status === 'gap' && { oldest: recovery.oldest }),
    }
    this.starts.set(result, () => {
      const events = [...missed, ...(held ?? [])]
      held = undefined
      if (this.active.get(topic) === subscription) for (const event of events) deliver(event)
    })
    return result
  }

  /** A reply is on its way: if it is that of a `subscribe`, its events may follow. */
  replied(result: unknown): void {
    if (this.starts.size === 0) return
    const start = this.starts.get(result)
    this.starts.delete(result)
    start?.()
  }

  unsubscribe(topic: Topic): void {
    this.active.get(topic)?.unsubscribe()
    this.active.delete(topic)
  }

  /** Ends what the connection may no longer hear. */
  recheck(): void {
    for (const topic of this.topics) if (!this.options.allows(scopeOf(topic))) this.unsubscribe(topic)
  }

  private check(topic: Topic): void {
    const { limit, allows } = this.options
    if (this.closed) throw new AppError('server.draining', 'The connection is closing.')
    if (!this.active.has(topic) && this.active.size >= limit) {
      throw new AppError('limit.subscriptions', `A connection may be subscribed to ${limit} topics; unsubscribe first.`)
    }
    if (!allows(scopeOf(topic))) {
      throw new AppError('auth.forbidden', `Subscribing to ${topic} needs the scope ${scopeOf(topic)}.`)
    }
  }

  get topics(): Topic[] {
    return [...this.active.keys()]
  }

  close(): void {
    this.closed = true
    for (const subscription of this.active.values()) subscription.unsubscribe()
    this.active.clear()
    this.starts.clear()
  }
}

function scopeOf(topic: Topic): Scope {
  return topic.startsWith('chat/') ? 'chat' : 'read'
}
