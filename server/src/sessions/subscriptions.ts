import type { CommandParams, CommandResult, Scope, Topic } from '@cuewire/protocol'
import type { Bus, BusEvent, Subscription } from '../bus/bus.js'
import { AppError } from '../lib/app-error.js'
import { Backlog } from './backlog.js'

interface SubscriptionsOptions {
  readonly bus: Bus
  readonly limits: {
    readonly subscriptions: number
    /** Bytes a replay delivers at a time. The next page waits until this one has been sent. */
    readonly pageBytes: number
    /** Bytes of new events that may queue behind the replay of a slow client. */
    readonly backlogBytes: number
  }
  readonly deliver: (event: BusEvent) => void
  /** Called when this is exceeded: closes the connection with a reconnect code. */
  readonly onOverflow: () => void
  /** Whether the topic names something that exists. */
  readonly exists: (topic: Topic) => Promise<boolean>
  readonly allows: (scope: Scope) => boolean
}

interface Active {
  readonly subscription: Subscription
  /** Events to deliver before it is live. */
  backlog: Backlog | undefined
}

/** A subscription that delivers nothing until `begin` is called. */
interface Subscribed {
  readonly result: CommandResult<'subscribe'>
  /** Delivers missed events, then newer ones. Call it once the reply has been sent. */
  readonly begin: () => void
}

/** The subscriptions of one connection. */
export class Subscriptions {
  private readonly active = new Map<Topic, Active>()
  /** Subscriptions whose reply has been sent and whose backlog is being delivered, one after another. */
  private readonly catchingUp = new Set<Active>()
  private backlogBytes = 0
  private closed = false

  constructor(private readonly options: SubscriptionsOptions) {}

  get topics(): Topic[] {
    return [...this.active.keys()]
  }

  /** Bytes of events queued behind replays. */
  get queuedBytes(): number {
    return this.backlogBytes
  }

  /** Subscribes; events are held until `begin`. Subscribing to the same topic again starts over. */
  async subscribe({ topic, since, epoch }: CommandParams<'subscribe'>): Promise<Subscribed> {
    const { bus, exists } = this.options
    this.check(topic)
    if (!(await exists(topic)))
      throw new AppError(
        'topic.not_found',
        `The topic ${topic} does not exist; check the id of its video, chat or job.`,
      )

    const backlog = new Backlog()
    let active: Active | undefined
    const listener = (event: BusEvent) => this.hear(event, active ? active.backlog : backlog)
    const from = since === undefined ? undefined : { since, epoch }
    const subscription = await bus.subscribe(topic, listener, from)
    active = { subscription, backlog }
    try {
      // Checked again: meanwhile other subscriptions may have started, the token may have changed, or the connection
      // may have ended.
      this.check(topic)
    } catch (error) {
      this.end(active)
      throw error
    }
    this.unsubscribe(topic)
    this.active.set(topic, active)
    const { position, recovery } = subscription
    const missed = recovery.status === 'replayed' ? recovery.events : []
    backlog.begin(missed)
    const begun = active
    return {
      result: {
        topic,
        ...position,
        recovery: recovery.status,
        ...(recovery.status === 'replayed' && { replayed: missed.length }),
        ...(recovery.status === 'gap' && { oldest: recovery.oldest }),
      },
      begin: () => this.begin(begun),
    }
  }

  /** Delivers the next page of missed events. Call it whenever everything delivered before has been sent. */
  catchUp(): void {
    const { pageBytes } = this.options.limits
    let bytes = 0
    for (const active of this.catchingUp) {
      while (bytes < pageBytes) {
        const event = this.take(active)
        if (!event) break
        bytes += event.frame.byteLength
        this.options.deliver(event)
      }
      if (bytes >= pageBytes) return
      active.backlog = undefined
      this.catchingUp.delete(active)
    }
  }

  unsubscribe(topic: Topic): void {
    const active = this.active.get(topic)
    if (!active) return
    this.active.delete(topic)
    this.end(active)
  }

  /** Ends subscriptions that the token no longer allows. */
  recheck(): void {
    for (const topic of this.topics) if (!this.options.allows(scopeOf(topic))) this.unsubscribe(topic)
  }

  close(): void {
    this.closed = true
    for (const topic of this.topics) this.unsubscribe(topic)
  }

  private begin(active: Active): void {
    // It may have ended in the meantime.
    if (!active.backlog) return
    this.catchingUp.add(active)
    this.catchUp()
  }

  private hear(event: BusEvent, backlog: Backlog | undefined): void {
    if (!backlog) {
      this.options.deliver(event)
      return
    }
    backlog.push(event)
    this.backlogBytes += event.frame.byteLength
    if (this.backlogBytes > this.options.limits.backlogBytes) this.options.onOverflow()
  }

  private take({ backlog }: Active): BusEvent | undefined {
    if (!backlog) return undefined
    const before = backlog.bytes
    const event = backlog.shift()
    this.backlogBytes -= before - backlog.bytes
    return event
  }

  private end(active: Active): void {
    active.subscription.unsubscribe()
    this.catchingUp.delete(active)
    this.backlogBytes -= active.backlog?.bytes ?? 0
    active.backlog = undefined
  }

  private check(topic: Topic): void {
    const { limits, allows } = this.options
    if (this.closed)
      throw new AppError('server.draining', 'The connection is closing; reconnect, then subscribe again.')
    if (!this.active.has(topic) && this.active.size >= limits.subscriptions) {
      throw new AppError(
        'limit.subscriptions',
        `A connection may be subscribed to ${limits.subscriptions} topics; unsubscribe first.`,
      )
    }
    if (!allows(scopeOf(topic))) {
      throw new AppError('auth.forbidden', `Subscribing to ${topic} needs a token with the scope ${scopeOf(topic)}.`)
    }
  }
}

function scopeOf(topic: Topic): Scope {
  return topic.startsWith('chat/') ? 'chat' : 'read'
}
