import { mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Id, Job, Video } from '@cuewire/protocol'
import { createProcessing, type Processing } from '@cuewire/server/domain/processing/processing.js'
import { Worker } from '@cuewire/server/domain/processing/worker.js'
import { createTextThreads } from '@cuewire/server/domain/text-work/text-threads.js'
import { type Clock, systemClock } from '@cuewire/server/lib/clock.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { MediaTools } from '@cuewire/server/media/media-tools.js'
import type { Models } from '@cuewire/server/models/models.js'
import type { Blobs } from '@cuewire/server/storage/blobs.js'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import type { Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { aVideo } from './entities.js'
import { EventReader, onLogged } from './event-log.js'
import { putOriginal } from './put-blobs.js'
import { type Recorded, RecordingBus } from './recording-bus.js'
import { testFolder } from './test-folder.js'

export interface Bench {
  readonly server: ServerStore
  readonly store: Store
  readonly bus: RecordingBus
  readonly blobs: Blobs
  readonly processing: Processing & Pick<Worker, 'start' | 'close'>
  /** Errors and warnings that were logged. */
  readonly logged: { readonly data: object; readonly message: string }[]
  /** What was logged besides. */
  readonly told: { readonly data: object; readonly message: string }[]
  /** Puts a copy of the file into the library. */
  add(file: string): Promise<Video>
  /** Waits until the job has ended. */
  ended(jobId: Id): Promise<Job>
  close(): Promise<void>
}

export interface BenchOptions {
  readonly dir: string
  readonly models: Models
  readonly media?: MediaTools
  readonly leaseMs?: number
  /** Names the worker in its leases. */
  readonly owner?: string
  readonly queued?: number
  readonly frameRate?: number
  readonly clock?: Clock
  readonly onEvent?: (event: Recorded) => void
}

/** The tenant whose videos it works on. */
export const TENANT = 'acme'

const END_EVENTS: ReadonlySet<string> = new Set(['processing.completed', 'processing.failed', 'processing.cancelled'])

/** Processing on a real store, real media tools and the models given, in a folder. */
export async function openBench(options: BenchOptions): Promise<Bench> {
  const { dir, models, media = createMediaTools(), clock = systemClock } = options
  await mkdir(dir, { recursive: true })
  const blobs = folderBlobs(dir).for(TENANT)
  const server = await openSqliteStore({ file: join(dir, 'cuewire.db'), clock })
  const store = server.for(TENANT)
  const bus = new RecordingBus(options.onEvent)
  const reader = new EventReader(join(dir, 'cuewire.db'))
  onLogged(server, reader, ({ topic, type, data }) => bus.record(topic, type, data))
  const logged: Bench['logged'] = []
  const told: Bench['told'] = []
  const note = (data: object, message: string) => void logged.push({ data, message })
  const text = createTextThreads()
  const logger = { info: (data: object, message: string) => void told.push({ data, message }), warn: note, error: note }
  const ports = { store, bus, blobs, media, models, clock, logger, frameRate: options.frameRate ?? 2 }
  const worker = new Worker({
    jobs: server.queue,
    portsOf: () => ({ ...ports, text: text.jobs }),
    owner: options.owner ?? `test-${process.pid}`,
    leaseMs: options.leaseMs ?? 10_000,
    concurrency: 1,
    logger,
  })
  const processing = {
    ...createProcessing({
      ...ports,
      text: text.commands,
      limits: { queued: options.queued ?? 10 },
      onQueued: () => worker.wake(),
      onCancelled: id => worker.check({ tenant: TENANT, id }),
    }),
    start: () => worker.start(),
    close: () => worker.close(),
  }
  return {
    server,
    store,
    bus,
    blobs,
    processing,
    logged,
    told,

    async add(file) {
      const bytes = await readFile(file)
      const made = aVideo({ filename: basename(file), title: basename(file), sizeBytes: bytes.length })
      await putOriginal(blobs, made.id, bytes)
      const video: Video = { ...made, media: await media.probe(file) }
      await store.videos.insert(video, undefined)
      return video
    },

    async ended(jobId) {
      await bus.waitFor(({ type, topic }) => topic === `job/${jobId}` && END_EVENTS.has(type))
      return await processing.get(jobId)
    },

    async close() {
      await processing.close()
      await text.close()
      reader.close()
      await server.close()
    },
  }
}

/** The same for a test: in a folder of its own, closed when the test ends. */
export async function useBench(t: Test, options: Omit<BenchOptions, 'dir'>): Promise<Bench> {
  const bench = await openBench({ ...options, dir: testFolder(t) })
  t.teardown(() => bench.close())
  return bench
}

/** Counters of a job, each with its stage. */
export function countsOf(job: Job): Record<string, number> {
  return Object.fromEntries(
    job.stages.flatMap(({ name, counts = {} }) =>
      Object.entries(counts).map(([counter, value]) => [`${name}.${counter}`, value]),
    ),
  )
}

/** The state of each stage of a job. */
export function statesOf(job: Job): Record<string, string> {
  return Object.fromEntries(job.stages.map(({ name, state }) => [name, state]))
}
