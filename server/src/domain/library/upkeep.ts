import type { Id } from '@cuewire/protocol'
import type { OfTenant } from '../../storage/of-tenant.js'
import type { Upkeep } from '../../storage/server-store.js'
import type { Uploads } from './uploads.js'

/** Removals read at a time. */
const PAGE = 100

/** The parts of a tenant's library that need upkeep. */
export interface LibraryParts {
  readonly uploads: Pick<Uploads, 'expire' | 'resume'>
  /** Removes the files of a video or an upload whose row is gone. */
  readonly removeFiles: (id: Id) => Promise<void>
  /** Queues the first job of a video. */
  readonly enqueue: (id: Id) => Promise<void>
}

interface LibraryUpkeepOptions {
  readonly upkeep: Upkeep
  readonly libraryOf: (tenant: string) => LibraryParts
  readonly clock: { now(): number }
  readonly logger: { warn(data: object, message: string): void }
}

/**
 * Upkeep of the libraries of all tenants. A failure for one video is logged and tried again next time, and does not
 * stop the others.
 */
export class LibraryUpkeep {
  constructor(private readonly options: LibraryUpkeepOptions) {}

  /** Repairs rows and files after a crash: complete uploads become videos, and videos without a job get one. */
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

  /** Removes expired uploads and orphaned files. Call about once a minute. */
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
    let page = await upkeep.removals(PAGE)
    while (page.length > 0) {
      await this.#each(page, 'removing the files of a video', ({ tenant, videoId }) =>
        libraryOf(tenant).removeFiles(videoId),
      )
      page = await upkeep.removals(PAGE, page.at(-1))
    }
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
