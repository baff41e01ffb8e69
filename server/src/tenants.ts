import { randomUUID } from 'node:crypto'
import type { Id } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { monotonicFactory } from 'ulid'
import { createInProcessBus, type InProcessBus } from './bus/in-process.js'
import type { Config } from './config/schema.js'
import { createChats } from './domain/chat/chat.js'
import { extractiveEngine } from './domain/chat/engines/extractive.js'
import { createFileRemoval } from './domain/library/file-removal.js'
import { VideoFiles } from './domain/library/files.js'
import { enqueue } from './domain/library/finish-upload.js'
import type { Stills } from './domain/library/stills.js'
import { LibraryUpkeep } from './domain/library/upkeep.js'
import { createUploads, type Uploads } from './domain/library/uploads.js'
import { createVideos } from './domain/library/videos.js'
import { createProcessing, type ServerProcessing } from './domain/processing/processing.js'
import { createSearch } from './domain/search/search.js'
import type { TextThreads } from './domain/text-work/text-threads.js'
import { type Clock, steadyTime } from './lib/clock.js'
import { Closers } from './lib/closers.js'
import { every } from './lib/every.js'
import { remembered } from './lib/remembered.js'
import type { MediaTools } from './media/media-tools.js'
import type { Models } from './models/models.js'
import { DISK_RESERVE_BYTES } from './observability/disk.js'
import { SessionCounters } from './sessions/counters.js'
import { expireOutcomes, Idempotency } from './sessions/idempotency.js'
import type { Tenant, Tenants } from './sessions/tenants.js'
import { topicExists } from './sessions/topic-exists.js'
import { checkEvent } from './sessions/validators.js'
import type { ServerStore, Store } from './storage/store.js'

/** What a topic keeps for clients that resume. */
const HISTORY = { count: 5000, bytes: 4 * 1024 * 1024, ageMs: 60 * 60 * 1000 } as const
const LEASE_MS = 15_000
const SWEEP_MS = 60_000

interface TenantsOptions {
  readonly config: Config
  readonly store: ServerStore
  readonly media: MediaTools
  readonly stills: Stills
  readonly models: Models
  readonly text: TextThreads
  readonly clock: Clock
  readonly logger: Logger
}

/** The ports of the server, bound to a tenant. */
interface BoundPorts {
  readonly store: Store
  readonly files: VideoFiles
  readonly bus: InProcessBus
  readonly logger: Logger
}

interface OpenTenant extends Tenant {
  readonly uploads: Uploads
  /** Removes the files of a video or an upload whose row is gone. */
  readonly removeFiles: (id: Id) => Promise<void>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/** Binds the ports of the server to tenants as they are asked for; one worker and one sweeper look after all of them. */
export class ServerTenants implements Tenants {
  readonly #ports = new Map<string, BoundPorts>()
  readonly #open = new Map<string, OpenTenant>()
  readonly #processing: ServerProcessing
  readonly #upkeep: LibraryUpkeep
  readonly #running = new Closers()

  constructor(private readonly options: TenantsOptions) {
    const { config, store, clock, logger } = options
    this.#processing = createProcessing({
      jobs: store.queue,
      portsOf: tenant => ({ ...options, ...this.#bound(tenant), frameRate: config.frameRate }),
      owner: randomUUID(),
      leaseMs: LEASE_MS,
      limits: { queued: config.queueLimit, concurrency: config.concurrency },
      logger,
    })
    this.#upkeep = new LibraryUpkeep({
      upkeep: store.upkeep,
      libraryOf: tenant => {
        const { uploads, removeFiles, bus, services } = this.#opened(tenant)
        return { uploads, removeFiles, enqueue: id => enqueue(id, { ...services, bus, store: services.store }) }
      },
      clock,
      logger,
    })
  }

  of(name: string): Tenant {
    return this.#opened(name)
  }

  all(): readonly Tenant[] {
    return [...this.#open.values()]
  }

  /** Puts in line what a crash has left, and begins to run jobs. */
  async start(): Promise<void> {
    const { store, clock, logger } = this.options
    await store.upkeep.failUnfinishedAnswers()
    await this.#upkeep.recover()
    const now = steadyTime(clock)
    this.#running.add(every(SWEEP_MS, () => this.#upkeep.sweep(), logger))
    this.#running.add(every(SWEEP_MS, () => expireOutcomes(store.upkeep, now()), logger))
    this.#running.add(every(SWEEP_MS, async () => this.#sweepTopics(), logger))
    this.#processing.start()
    this.#running.add(this.#processing)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(tenant => tenant.close()))
    await this.#running.close()
    await Promise.all([...this.#ports.values()].map(({ bus }) => bus.close()))
  }

  #sweepTopics(): void {
    for (const { bus } of this.#ports.values()) bus.sweep()
  }

  #bound(tenant: string): BoundPorts {
    const { config, store, clock, logger } = this.options
    return remembered(this.#ports, tenant, () => ({
      store: store.for(tenant),
      files: new VideoFiles(config.dataDir, tenant),
      bus: createInProcessBus({ history: HISTORY, clock, check: config.checkOutput ? checkEvent : undefined }),
      logger: logger.child({ tenant }),
    }))
  }

  #opened(name: string): OpenTenant {
    return remembered(this.#open, name, () => this.#bind(name))
  }

  #bind(name: string): OpenTenant {
    const { config, media, stills, text, clock, store: server } = this.options
    const ports = this.#bound(name)
    const { store, files, bus, logger } = ports
    const removeFiles = createFileRemoval({ files, stills, upkeep: server.upkeep })
    const processing = this.#processing.for(name)
    const videos = createVideos({ ...ports, processing, removeFiles })
    const uploads = createUploads({
      ...ports,
      media,
      processing,
      removeFiles,
      checkSubtitles: subtitles => text.commands.run('checkSubtitles', { ...subtitles, source: 'given' }),
      limits: {
        uploadBytes: config.uploadBytes,
        openUploads: config.openUploads,
        expiryMs: config.uploadExpiryHours * 3_600_000,
        reservedBytes: DISK_RESERVE_BYTES,
      },
      clock,
    })
    const newId = monotonicFactory()
    const chats = createChats({ ...ports, text: text.commands, engine: extractiveEngine, clock, newId: () => newId() })
    const idempotency = new Idempotency({ store, clock: steadyTime(clock), logger })
    const search = createSearch({ store, text: text.commands })
    return {
      name,
      services: { store, videos, uploads, processing, search, chats },
      bus,
      files,
      counters: new SessionCounters(),
      idempotency,
      topicExists: topic => topicExists(store, topic),
      uploads,
      removeFiles,
      close: async () => {
        await idempotency.close()
        await chats.close()
        await uploads.close()
      },
    }
  }
}
