import type { Id, MediaInfo, Seconds, Video } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { SharedRuns } from '../../lib/shared-runs.js'
import type { OfTenant } from '../../storage/of-tenant.js'
import type { StillCache, StillKey } from '../../storage/still-cache.js'
import { type StillOrder, StillQueue, type StillQueueOptions } from './still-queue.js'

interface StillsOptions extends StillQueueOptions {
  /** Cache of finished pictures. */
  readonly cache: StillCache
  readonly logger: { warn(data: object, message: string): void }
}

/** The picture of a video at a time. */
interface StillRequest {
  readonly blobs: StillOrder['blobs']
  readonly video: Pick<Video, 'id' | 'media'>
  /** In seconds, with at most three decimals. */
  readonly at: Seconds
}

/** Stills for all tenants, each made only once while it stays in the cache. */
export class Stills {
  private readonly queue: StillQueue
  private readonly runs = new SharedRuns<Uint8Array>()

  constructor(private readonly options: StillsOptions) {
    this.queue = new StillQueue(options)
  }

  /** Loads the pictures cached before a restart. Call once, before the first request. */
  async open(): Promise<void> {
    await this.options.cache.open()
  }

  /**
   * The picture as JPEG. Throws `video.no_picture` if there is none, and `server.busy` if there are too many requests.
   */
  async picture(request: StillRequest, signal: AbortSignal): Promise<Uint8Array> {
    const { blobs, video, at } = request
    if (!video.media.video)
      throw new AppError('video.no_picture', 'The video has no picture: its file holds only audio.')
    if (at >= video.media.duration) {
      throw new AppError(
        'video.no_picture',
        `The video has no picture at this time: it ends at ${video.media.duration} s.`,
      )
    }
    const track = trackOf(video.media)
    const key: StillKey = { tenant: blobs.tenant, videoId: video.id, atMs: Math.round(at * 1000), track }
    const run = `${runPrefix(key)}${key.atMs}.${track}`
    return (await this.options.cache.read(key)) ?? this.runs.run(run, signal, stop => this.make(request, key, stop))
  }

  /** Removes the pictures of a video and stops making others. */
  async forget(video: OfTenant<{ readonly videoId: Id }>): Promise<void> {
    const prefix = runPrefix(video)
    const gone = new AppError('video.not_found', 'The video was deleted.')
    await this.runs.stop(run => run.startsWith(prefix), gone)
    await this.options.cache.removeAll(video)
  }

  async close(): Promise<void> {
    await this.runs.stop(() => true, new AppError('server.draining', 'The server is shutting down.'))
  }

  private async make({ blobs, video, at }: StillRequest, key: StillKey, signal: AbortSignal): Promise<Uint8Array> {
    const picture = await this.queue.make({ blobs, videoId: video.id, media: video.media, at }, signal)
    signal.throwIfAborted()
    await this.keep(key, picture)
    return picture
  }

  /** A picture that cannot be cached is still sent. */
  private async keep(key: StillKey, picture: Uint8Array): Promise<void> {
    try {
      await this.options.cache.write(key, picture)
    } catch (error) {
      this.options.logger.warn({ err: error }, 'a still could not be cached')
    }
  }
}

/** Prefix of the run keys of a video. */
/** Number of the stream that the pictures are from; undefined if it is simply the first. */
export function trackOf({ video }: MediaInfo): number | undefined {
  return video?.chosen && video.index
}

function runPrefix({ tenant, videoId }: OfTenant<{ readonly videoId: Id }>): string {
  return `${tenant}.${videoId}.`
}
