import type { CommandResult, TypedEvent } from '#protocol'
import { checkNumber } from './check-number.js'
import { deferred } from './deferred.js'
import { ClientError } from './errors.js'
import { EventBuffer } from './event-buffer.js'

/**
 * Events were lost: the server no longer has those after the last one read. Read the state again with commands. Events
 * continue after `seq` of `epoch`.
 */
export interface Gap {
  readonly type: 'gap'
  readonly topic: string
  readonly epoch: string
  readonly seq: number
  /** The oldest event the server still has, when it said so. */
  readonly oldest?: number
}

/** An event, or the notice that events are missing. */
export type SubscriptionItem = TypedEvent | Gap

/** A place in a topic: the last reliable event read, in the epoch its number belongs to. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

export interface SubscribeOptions {
  /** Asks for the events after this number; 0 for all that are kept. Without it, only new events come. */
  readonly since?: number
  /** The epoch `since` was read in, from `subscription.position`. */
  readonly epoch?: string
  /** Ends the subscription: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal
  /**
   * Items kept for a slow reader. Beyond them progress events are dropped, oldest first; reliable events stop and are
   * asked for again when the reader has caught up, so memory stays bounded and nothing is lost. @default 1000
   */
  readonly bufferSize?: number
}

/** The events of one topic, each exactly once and in order over every reconnect. For one reader. */
export interface Subscription extends AsyncIterableIterator<SubscriptionItem, undefined> {
  readonly topic: string
  /** The place after the last item read; undefined until the server has confirmed. */
  readonly position: Position | undefined
  /** Resolves when the server has confirmed; rejects when the subscription ended before that. */
  ready(): Promise<void>
  /** Ends the subscription; the iterator ends after what is buffered. */
  close(): void
}

type Subscribed = CommandResult<'subscribe'>

/** What a subscriber needs from its topic. */
interface TopicHandle {
  readonly topic: string
  /** Makes the server send the events after `cursor` again. */
  readonly resume: () => void
  readonly leave: () => void
}

/** One reader of a topic: follows the numbers of its events and buffers them. */
export class Subscriber implements Subscription {
  /** In sync with the server: events follow `cursor`. Otherwise they are ignored until the server has answered. */
  synced = false
  /** The buffer is full; nothing is taken until the reader has caught up. */
  paused = false
  /** The last reliable event taken. */
  cursor: { epoch: string | undefined; seq: number } | undefined
  #position: Position | undefined
  #brokenAt: number | undefined
  readonly #buffer: EventBuffer<SubscriptionItem>
  readonly #confirmed = deferred<void>()
  readonly #handle: TopicHandle
  readonly #signal: AbortSignal | undefined

  constructor(handle: TopicHandle, options: SubscribeOptions) {
    this.#handle = handle
    this.#signal = options.signal
    const { bufferSize = 1000, since, epoch } = options
    this.#buffer = new EventBuffer(checkNumber('bufferSize', bufferSize, 1))
    if (since !== undefined) this.cursor = { epoch, seq: checkNumber('since', since, 0, Number.MAX_SAFE_INTEGER) }
    // Whoever only iterates gets the error there.
    this.#confirmed.promise.catch(() => undefined)
    this.#signal?.addEventListener('abort', this.#onAbort)
  }

  get topic(): string {
    return this.#handle.topic
  }

  get position(): Position | undefined {
    return this.#position
  }

  ready(): Promise<void> {
    return this.#confirmed.promise
  }

  /** Takes the server's answer: from here on events follow `cursor`, which moves over a gap. */
  confirm(reply: Subscribed): void {
    // Too late for this answer: the reader subscribes again when it has caught up.
    if (this.#buffer.isFull) {
      this.paused = true
      return
    }
    const { cursor } = this
    const { epoch, seq, oldest } = reply
    this.synced = true
    const lost =
      cursor !== undefined &&
      (reply.recovery === 'gap' || cursor.seq > seq || (cursor.epoch !== undefined && cursor.epoch !== epoch))
    if (lost) this.#jump({ epoch, seq, ...(oldest !== undefined && { oldest }) })
    else {
      this.cursor = { epoch, seq: cursor?.seq ?? seq }
      this.#position ??= { ...this.cursor, epoch }
    }
    this.#confirmed.resolve()
  }

  /** Takes an event of the topic, in the order of the wire. */
  accept(event: TypedEvent): void {
    const { cursor } = this
    if (!this.synced || !cursor) return
    if (event.seq === undefined) this.#acceptPassing(event)
    else if (event.seq === cursor.seq + 1) this.#acceptNext(event, cursor)
    else if (event.seq > cursor.seq) this.#mend(cursor.seq, event)
  }

  async next(): Promise<IteratorResult<SubscriptionItem, undefined>> {
    const result = await this.#buffer.next()
    if (!result.done) this.#advance(result.value)
    if (this.paused && this.#buffer.size === 0) {
      this.paused = false
      this.#handle.resume()
    }
    return result
  }

  async return(): Promise<IteratorResult<SubscriptionItem, undefined>> {
    this.close()
    this.#buffer.clear()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  close(): void {
    this.end({})
  }

  /** Ends it from our side: the reader gets what is buffered, then the error if there is one. */
  end(end: { readonly error?: unknown }): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#handle.leave()
    this.#buffer.end(end)
    this.#confirmed.reject('error' in end ? end.error : new ClientError(`the subscription to ${this.topic} was closed`))
  }

  readonly #onAbort = () => {
    this.#buffer.clear()
    this.end({ error: this.#signal?.reason })
  }

  #acceptPassing(event: TypedEvent): void {
    if (!this.#buffer.isFull || this.#buffer.evict(isPassing)) this.#buffer.push(event)
  }

  #acceptNext(event: TypedEvent, cursor: { seq: number }): void {
    if (this.#buffer.isFull && !this.#buffer.evict(isPassing)) {
      this.paused = true
      this.synced = false
      return
    }
    cursor.seq += 1
    this.#buffer.push(event)
  }

  /** An event is missing: requests it again. If the server leaves it out again, it is gone. */
  #mend(seq: number, event: TypedEvent): void {
    if (this.#brokenAt === seq) {
      this.#jump({ epoch: this.cursor?.epoch ?? '', seq: (event.seq ?? 1) - 1 })
      this.accept(event)
    } else {
      this.#brokenAt = seq
      this.synced = false
      this.#handle.resume()
    }
  }

  #jump(to: { readonly epoch: string; readonly seq: number; readonly oldest?: number }): void {
    this.cursor = { epoch: to.epoch, seq: to.seq }
    this.#buffer.push({ type: 'gap', topic: this.topic, ...to })
  }

  #advance(item: SubscriptionItem): void {
    if (item.type === 'gap') this.#position = { epoch: item.epoch, seq: item.seq }
    else if (item.seq !== undefined && this.#position) this.#position = { ...this.#position, seq: item.seq }
  }
}

/** Events of the classes `latest` and `volatile` have no number and may be lost. */
const isPassing = (item: SubscriptionItem): boolean => item.type !== 'gap' && item.seq === undefined
