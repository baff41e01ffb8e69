import { join } from 'node:path'
import type { Id, Seconds, Video } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { SharedRuns } from '../../lib/shared-runs.js'
import type { VideoFiles } from './files.js'
import { StillCache } from './still-cache.js'
import { StillQueue, type StillQueueOptions } from './still-queue.js'

/** Files the cache holds, however small they are. */
const CACHED_FILES = 20_000

interface StillsOptions extends StillQueueOptions {
  /** Of those that were made. */
  readonly folder: string
  /** Room for them, in bytes. */
  readonly cacheBytes: number
  readonly logger: { warn(data: object, message: string): void }
}

/** The picture of a video at a time. */
interface StillRequest {
  readonly files: VideoFiles
  readonly video: Pick<Video, 'id' | 'media'>
  /** With at most three decimals. */
  readonly at: Seconds
}

/** Stills for all tenants: each is made only once while it is in the cache. */
export class Stills {
  private readonly cache: StillCache
  private readonly queue: StillQueue
  private readonly runs = new SharedRuns<Uint8Array>()

  constructor(private readonly options: StillsOptions) {
    this.cache = new StillCache({ bytes: options.cacheBytes, files: CACHED_FILES })
    this.queue = new StillQueue(options)
  }

  /** Takes over the pictures from before a restart; call it once, before the first is asked for. */
  async open(): Promise<void> {
    await this.cache.adopt(this.options.folder)
  }

  /** The picture as JPEG; `video.no_picture` where there is none, `server.busy` when too many are asked for. */
  async picture(request: StillRequest, signal: AbortSignal): Promise<Uint8Array> {
    const { files, video, at } = request
    if (!video.media.video) throw new AppError('video.no_picture', 'The file has sound only.')
    if (at >= video.media.duration) {
      throw new AppError('video.no_picture', `The video ends at ${video.media.duration} s.`)
    }
    const path = `${this.prefix(files, video.id)}${Math.round(at * 1000)}.jpg`
    return (await this.cache.read(path)) ?? this.runs.run(path, signal, stop => this.make(request, path, stop))
  }

  /** Removes the pictures of a video, and stops those being made. */
  async forget(files: VideoFiles, id: Id): Promise<void> {
    const prefix = this.prefix(files, id)
    const gone = new AppError('video.not_found', 'The video was deleted.')
    await this.runs.stop(path => path.startsWith(prefix), gone)
    await this.cache.remove(prefix)
  }

  async close(): Promise<void> {
    await this.runs.stop(() => true, new AppError('server.draining', 'The server is shutting down.'))
  }

  /** How the names of a video's pictures begin. */
  private prefix({ tenant }: VideoFiles, id: Id): string {
    return join(this.options.folder, `${tenant}.${id}.`)
  }

  private async make({ files, video, at }: StillRequest, path: string, signal: AbortSignal): Promise<Uint8Array> {
    const picture = await this.queue.make({ file: files.original(video.id), media: video.media, at }, signal)
    signal.throwIfAborted()
    await this.keep(path, picture)
    return picture
  }

  /** A picture that cannot be kept is sent all the same. */
  private async keep(path: string, picture: Uint8Array): Promise<void> {
    try {
      await this.cache.write(path, picture)
    } catch (error) {
      this.options.logger.warn({ err: error }, 'a still could not be cached')
    }
  }
}
