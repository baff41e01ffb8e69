import type { CommandParams, TypedEvent } from '#protocol'
import { ClientError, ConnectionError, ignoreRefusal, RemoteError } from './errors.js'
import { parseSubscribed } from './parse.js'
import type { Requests } from './requests.js'
import { sleep } from './sleep.js'
import { type SubscribeOptions, Subscriber, type Subscription } from './subscription.js'

/** Delay before a subscription that failed temporarily is tried again, unless the server gives one. */
const RETRY_MS = 1000

/** Every subscription of a client; readers of one topic share one subscription of the connection. */
export class Subscriptions {
  readonly #topics = new Map<string, TopicFeed>()
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  add(topic: string, options: SubscribeOptions): Subscription {
    options.signal?.throwIfAborted()
    let feed = this.#topics.get(topic)
    if (!feed) {
      feed = new TopicFeed(topic, this.#requests, () => this.#topics.delete(topic))
      this.#topics.set(topic, feed)
    }
    return feed.join(options)
  }

  /** Hands an event to the readers of its topic. */
  dispatch(event: TypedEvent): void {
    if (event.topic !== undefined) this.#topics.get(event.topic)?.dispatch(event)
  }

  /** The connection was lost: subscribes every topic again, from the position of its readers. */
  disconnected(): void {
    for (const feed of this.#topics.values()) feed.disconnected()
  }

  end(end: { readonly error?: unknown }): void {
    for (const feed of [...this.#topics.values()]) feed.end(end)
  }
}

/** One topic of the connection and the local readers of it. */
class TopicFeed {
  readonly #topic: string
  readonly #requests: Requests
  readonly #onEmpty: () => void
  readonly #readers = new Set<Subscriber>()
  readonly #gone = new AbortController()
  #syncing = false

  constructor(topic: string, requests: Requests, onEmpty: () => void) {
    this.#topic = topic
    this.#requests = requests
    this.#onEmpty = onEmpty
  }

  join(options: SubscribeOptions): Subscription {
    const reader: Subscriber = new Subscriber(
      { topic: this.#topic, resume: () => void this.#sync(), leave: () => this.#leave(reader) },
      options,
    )
    this.#readers.add(reader)
    void this.#sync()
    return reader
  }

  dispatch(event: TypedEvent): void {
    for (const reader of this.#readers) reader.accept(event)
  }

  disconnected(): void {
    for (const reader of this.#readers) reader.synced = false
    void this.#sync()
  }

  end(end: { readonly error?: unknown }): void {
    for (const reader of [...this.#readers]) reader.end(end)
  }

  #leave(reader: Subscriber): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return
    this.#onEmpty()
    this.#gone.abort()
    // Nobody listens, so a failure does no harm. It is not retried, because a retry could arrive after the subscription
    // of a new reader.
    this.#requests.send('unsubscribe', { topic: this.#topic }, { maxRetries: 0 }).catch(ignoreRefusal)
  }

  /** Subscribes from the earliest place a waiting reader stands at, until none waits. */
  async #sync(): Promise<void> {
    if (this.#syncing) return
    this.#syncing = true
    for (let waiting = this.#waiting(); waiting.length > 0; waiting = this.#waiting()) await this.#subscribe(waiting)
    this.#syncing = false
  }

  #waiting(): Subscriber[] {
    return [...this.#readers].filter(reader => !reader.synced && !reader.paused)
  }

  async #subscribe(readers: readonly Subscriber[]): Promise<void> {
    const { signal } = this.#gone
    const confirm = (data: unknown) => {
      const reply = parseSubscribed(data)
      for (const reader of readers) reader.confirm(reply)
    }
    try {
      await this.#requests.send('subscribe', startOf(this.#topic, readers), { signal }, confirm)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof ClientError) || !error.retryable) {
        for (const reader of readers) reader.end({ error })
        return
      }
      // The next attempt waits for the next connection anyway.
      if (error instanceof ConnectionError) return
      await sleep((error instanceof RemoteError && error.retryAfterMs) || RETRY_MS, signal)
    }
  }
}

/** The position from which no reader misses anything. Each drops what it has already taken. */
function startOf(topic: string, readers: readonly Subscriber[]): CommandParams<'subscribe'> {
  const first = readers.flatMap(({ cursor }) => cursor ?? []).sort((a, b) => a.seq - b.seq)[0]
  if (!first) return { topic }
  return { topic, since: first.seq, ...(first.epoch !== undefined && { epoch: first.epoch }) }
}
