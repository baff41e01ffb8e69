import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bus } from '@cuewire/server/bus/bus.js'
import { VideoFiles } from '@cuewire/server/domain/library/files.js'
import { createUploads, type Uploads, type UploadsOptions } from '@cuewire/server/domain/library/uploads.js'
import { AppError } from '@cuewire/server/lib/app-error.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import type { Store } from '@cuewire/server/storage/store.js'
import { aJob, aVideo } from './entities.js'

/** A library in a folder, with a real store and real files. */
export interface Library {
  readonly store: Store
  readonly files: VideoFiles
  readonly uploads: Uploads
  /** Name, topic and data of every event, in order. */
  readonly events: [string, string, unknown][]
  readonly warnings: string[]
  /** The time uploads see, in milliseconds since 1970. */
  readonly clock: { now: number }
  close(): Promise<void>
}

/** A file that the probe below takes for media, of that many bytes. */
export const mediaBytes = (size: number): Buffer => Buffer.alloc(size, 'MEDIA ')

/** Bytes as a source of pieces. */
export async function* pieces(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}

/**
 * Opens a library. Media tools have tests of their own; here the probe takes files that begin with "MEDIA" for readable.
 * `change` replaces any of the options.
 */
export async function openLibrary(
  dataDir: string,
  change: (options: UploadsOptions, store: Store) => Partial<UploadsOptions> = () => ({}),
): Promise<Library> {
  const store = await openSqliteStore({ file: join(dataDir, 'cuewire.db') })
  const files = new VideoFiles(dataDir)
  await files.open()
  const events: Library['events'] = []
  const warnings: string[] = []
  const bus: Pick<Bus, 'publish'> = { publish: (topic, type, data) => events.push([type, topic, data]) }
  const clock = { now: Date.UTC(2026, 10, 23) }
  const options: UploadsOptions = {
    store,
    files,
    media: { probe },
    bus,
    processing: {
      async enqueue(videoId) {
        const job = aJob(videoId)
        await store.jobs.insert(job)
        return job
      },
    },
    clock: { now: () => clock.now },
    checkSubtitles: async () => undefined,
    limits: { uploadBytes: 1_000_000, openUploads: 100, expiryMs: 60_000 },
    logger: { warn: (_, message) => warnings.push(message) },
  }
  const uploads = createUploads({ ...options, ...change(options, store) })
  return {
    store,
    files,
    uploads,
    events,
    warnings,
    clock,
    async close() {
      await uploads.close()
      await store.close()
    },
  }
}

async function probe(file: string, signal?: AbortSignal) {
  const bytes = await readFile(file, { ...(signal && { signal }) })
  if (bytes.subarray(0, 5).toString() === 'MEDIA') return aVideo().media
  throw new AppError('media.unreadable', 'This is not media.')
}
