import type { Id } from '@cuewire/protocol'
import type { OfTenant, Upkeep } from '../../storage/store.js'
import type { VideoFiles } from './files.js'
import type { Uploads } from './uploads.js'

/** Files removed in one go. */
const REMOVALS = 100

/** What of a tenant's library needs looking after. */
export interface LibraryParts {
  readonly files: VideoFiles
  readonly uploads: Pick<Uploads, 'expire' | 'resume'>
  /** Queues the first job of a video. */
  readonly enqueue: (id: Id) => Promise<void>
}

interface LibraryUpkeepOptions {
  readonly upkeep: Upkeep
  readonly libraryOf: (tenant: string) => LibraryParts
  readonly clock: { now(): number }
  readonly logger: { warn(data: object, message: string): void }
}

/** Looks after the libraries of all tenants; what fails for one video is logged, tried again the next time, and holds up no other. */
export class LibraryUpkeep {
  constructor(private readonly options: LibraryUpkeepOptions) {}

  /** Puts rows and files in line after a crash: whole uploads become videos, and those without a job get one. */
  async recover(): Promise<void> {
    const { upkeep, libraryOf } = this.options
    await this.#each(await upkeep.uploads(), 'finishing an upload', ({ tenant, videoId }) =>
      libraryOf(tenant).uploads.resume(videoId),
    )
    await this.#each(await upkeep.videosWithoutJob(), 'queueing a video', ({ tenant, videoId }) =>
      libraryOf(tenant).enqueue(videoId),
    )
    await this.#removeFiles()
  }

  /** To be called about once a minute: gives up uploads that stood still for too long, and removes files that belong to nothing. */
  async sweep(): Promise<void> {
    const { upkeep, libraryOf, clock } = this.options
    const now = new Date(clock.now()).toISOString()
    await this.#each(await upkeep.uploads(now), 'giving an upload up', ({ tenant, videoId }) =>
      libraryOf(tenant).uploads.expire(videoId),
    )
    await this.#removeFiles()
  }

  async #removeFiles(): Promise<void> {
    const { upkeep, libraryOf } = this.options
    await this.#each(await upkeep.removals(REMOVALS), 'removing the files of a video', async removal => {
      await libraryOf(removal.tenant).files.remove(removal.videoId)
      await upkeep.filesRemoved(removal)
    })
  }

  async #each(
    found: readonly OfTenant<{ readonly videoId: Id }>[],
    what: string,
    work: (item: OfTenant<{ readonly videoId: Id }>) => Promise<unknown>,
  ): Promise<void> {
    for (const item of found) {
      try {
        await work(item)
      } catch (error) {
        const { tenant, videoId } = item
        this.options.logger.warn({ tenant, videoId, err: error }, `${what} failed`)
      }
    }
  }
}
