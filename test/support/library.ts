import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFileRemoval } from '@cuewire/server/domain/library/file-removal.js'
import { enqueue } from '@cuewire/server/domain/library/finish-upload.js'
import { Stills } from '@cuewire/server/domain/library/stills.js'
import { LibraryUpkeep } from '@cuewire/server/domain/library/upkeep.js'
import { createUploads, type Uploads, type UploadsOptions } from '@cuewire/server/domain/library/uploads.js'
import { AppError } from '@cuewire/server/lib/app-error.js'
import type { Blobs } from '@cuewire/server/storage/blobs.js'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import { FolderStillCache } from '@cuewire/server/storage/folder/still-cache.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import type { Store } from '@cuewire/server/storage/store.js'
import { aJob, aVideo } from './entities.js'
import { EventReader, onLogged } from './event-log.js'

/** The tenant whose library it is. */
export const TENANT = 'acme'

/** A library in a folder, with a real store and real files. */
export interface Library {
  readonly server: ServerStore
  readonly store: Store
  readonly blobs: Blobs
  readonly stills: Stills
  readonly uploads: Uploads
  readonly upkeep: LibraryUpkeep
  /** Removes the files of a video or an upload whose row is gone. */
  readonly removeFiles: UploadsOptions['removeFiles']
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
  const server = await openSqliteStore({ file: join(dataDir, 'cuewire.db') })
  const store = server.for(TENANT)
  const blobs = folderBlobs(dataDir).for(TENANT)
  const events: Library['events'] = []
  const warnings: string[] = []
  const reader = new EventReader(join(dataDir, 'cuewire.db'))
  onLogged(server, reader, ({ type, topic, data }) => events.push([type, topic, data]))
  const clock = { now: Date.UTC(2026, 10, 23) }
  const stills = new Stills({
    media: {
      stills: async (file, _info, { times, picture }) => {
        for (const at of times) await picture(at, await readFile(file))
      },
    },
    cache: new FolderStillCache(join(dataDir, 'stills'), 1_000_000),
    ...{ children: 2, queue: 10, patienceMs: 60_000 },
    logger: { warn: (_, message) => warnings.push(message) },
  })
  await stills.open()
  const options: UploadsOptions = {
    store,
    blobs,
    media: { probe },
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
    onBytes: () => undefined,
    logger: { error: (_, message) => warnings.push(message) },
    removeFiles: createFileRemoval({ blobs, stills, upkeep: server.upkeep }),
  }
  const changed = { ...options, ...change(options, store) }
  const uploads = createUploads(changed)
  const upkeep = new LibraryUpkeep({
    upkeep: server.upkeep,
    libraryOf: () => ({ uploads, removeFiles: changed.removeFiles, enqueue: id => enqueue(id, changed) }),
    clock: changed.clock,
    logger: { warn: (_, message) => warnings.push(message) },
  })
  return {
    server,
    store,
    blobs: changed.blobs,
    stills,
    uploads,
    upkeep,
    removeFiles: changed.removeFiles,
    events,
    warnings,
    clock,
    async close() {
      await uploads.close()
      await stills.close()
      reader.close()
      await server.close()
    },
  }
}

async function probe(file: string, signal?: AbortSignal) {
  const bytes = await readFile(file, { ...(signal && { signal }) })
  if (bytes.subarray(0, 5).toString() === 'MEDIA') return aVideo().media
  throw new AppError('media.unreadable', 'This is not media.')
}
