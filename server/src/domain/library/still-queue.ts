import type { Id, MediaInfo, Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { type Deferred, deferred } from '../../lib/deferred.js'
import type { MediaTools } from '../../media/media-tools.js'
import type { Blobs } from '../../storage/blobs.js'
import { originalFault } from './original.js'
import { chooseBatch } from './still-batch.js'

/** Largest width of a still, in pixels. */
const WIDTH = 1280
const RETRY_AFTER_MS = 5000
export interface StillQueueOptions {
  readonly media: Pick<MediaTools, 'stills'>
  /** Decoders that may run at the same time. */
  readonly children: number
  /** Most waiting requests, and how long each may wait. */
  readonly queue: number
  readonly patienceMs: number
}

/** A picture to make. Only one request per time of a video waits. */
export interface StillOrder {
  readonly blobs: Pick<Blobs, 'tenant' | 'size' | 'lease'>
  readonly videoId: Id
  readonly media: MediaInfo
  readonly at: Seconds
}

interface Waiting extends StillOrder {
  readonly signal: AbortSignal
  readonly picture: Deferred<Uint8Array>
}

/** Makes stills with a few decoders. Each serves waiting requests that are close together in one video. */
export class StillQueue {
  /** In order of arrival. */
  private waiting: Waiting[] = []
  private running = 0

  constructor(private readonly options: StillQueueOptions) {}

  /**
   * The picture as JPEG. Throws `video.no_picture` if there is none, and `server.busy` if too many requests wait or the
   * wait is too long. If the signal aborts while a decoder works, settles with the picture or once the decoder has
   * ended.
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

  /** Settles every request of the batch. Stops the decoder once nobody wants the remaining pictures. */
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
      const fault = abort.signal.aborted ? undefined : await originalFault(blobs, videoId)
      for (const { picture } of missing.values()) picture.reject(fault ?? error)
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
