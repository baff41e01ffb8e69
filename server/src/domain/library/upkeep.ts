import type { Id } from '@cuewire/protocol'
import type { OfTenant } from '../../storage/of-tenant.js'
import type { Upkeep } from '../../storage/server-store.js'
import type { Uploads } from './uploads.js'

/** Removals read in one go. */
const PAGE = 100

/** What of a tenant's library needs looking after. */
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
