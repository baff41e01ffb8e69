import type { Id, MediaInfo, Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { type Deferred, deferred } from '../../lib/deferred.js'
import type { MediaTools } from '../../media/media-tools.js'
import type { Blobs } from '../../storage/blobs.js'
import { chooseBatch } from './still-batch.js'

/** Widest still that is made, in pixels. */
const WIDTH = 1280
const RETRY_AFTER_MS = 5000
export interface StillQueueOptions {
  readonly media: Pick<MediaTools, 'stills'>
  /** Decoders that run at once. */
  readonly children: number
  /** Requests that may wait, and how long. */
  readonly queue: number
  readonly patienceMs: number
}

/** A picture to make; at most one request for each time of a video waits at once. */
export interface StillOrder {
  readonly blobs: Pick<Blobs, 'tenant' | 'lease'>
  readonly videoId: Id
  readonly media: MediaInfo
  readonly at: Seconds
}

interface Waiting extends StillOrder {
  readonly signal: AbortSignal
  readonly picture: Deferred<Uint8Array>
}

/** Makes stills with a few decoders, each of which serves the waiting requests that lie close together in one video. */
export class StillQueue {
  /** In the order they came. */
  private waiting: Waiting[] = []
  private running = 0

  constructor(private readonly options: StillQueueOptions) {}

  /**
   * The picture as JPEG; `video.no_picture` where there is none, `server.busy` when too many wait or the wait is too long.
   * When the signal aborts while a decoder works, it settles with the picture or once that decoder is gone.
   */
  async make(order: StillOrder, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted()
    const { children, queue, patienceMs } = this.options
    if (this.running >= children && this.waiting.length >= queue) throw busy()
    const waiting: Waiting = { ...order, signal, picture: deferred() }
    const leave = (reason: unknown) => {
      const place = this.waiting.indexOf(waiting)
      if (place < 0) return
      this.waiting.splice(place, 1)
      waiting.picture.reject(reason)
    }
    const onAbort = () => leave(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    const timer = setTimeout(() => leave(busy()), patienceMs)
    this.waiting.push(waiting)
    this.fill()
    try {
      return await waiting.picture.promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  private fill(): void {
    const [oldest, ...others] = this.waiting
    if (!oldest || this.running >= this.options.children) return
    const batch = new Set(chooseBatch([oldest, ...others]))
    this.waiting = this.waiting.filter(waiting => !batch.has(waiting))
    this.running++
    void this.run([...batch], oldest).finally(() => {
      this.running--
      this.fill()
    })
    this.fill()
  }

  /** Settles every request of the batch. The decoder is stopped once nobody wants the pictures that are missing. */
  private async run(batch: readonly Waiting[], { blobs, videoId, media }: StillOrder): Promise<void> {
    const missing = new Map(batch.map(waiting => [waiting.at, waiting]))
    const abort = new AbortController()
    const stopIfUnwanted = () => {
      const [first, ...others] = [...missing.values()].map(({ signal }) => signal)
      if (first?.aborted && others.every(({ aborted }) => aborted)) abort.abort(first.reason)
    }
    for (const { signal } of batch) signal.addEventListener('abort', stopIfUnwanted, { once: true })
    const request = {
      ...{ times: [...missing.keys()], width: WIDTH },
      picture: (at: Seconds, jpeg: Uint8Array) => {
        missing.get(at)?.picture.resolve(jpeg)
        missing.delete(at)
        stopIfUnwanted()
      },
    }
    try {
      await using original = await blobs.lease({ kind: 'original', id: videoId })
      await this.options.media.stills(original.path, media, request, abort.signal)
      for (const [at, { picture }] of missing) {
        picture.reject(new AppError('video.no_picture', `The video has no picture at ${at} s.`))
      }
    } catch (error) {
      for (const { picture } of missing.values()) picture.reject(error)
    } finally {
      for (const { signal } of batch) signal.removeEventListener('abort', stopIfUnwanted)
    }
  }
}

function busy(): AppError {
  return new AppError('server.busy', 'Too many pictures are waiting to be made; try again later.', {
    retryAfterMs: RETRY_AFTER_MS,
  })
}
