import type { Id } from '@cuewire/protocol'
import { monotonicFactory } from 'ulid'
import { LogFollower } from './bus/log-follower.js'
import { expireOutcomes, Idempotency } from './commands/idempotency.js'
import { createChats } from './domain/chat/chat.js'
import { endUnfinishedAnswers } from './domain/chat/end-answer.js'
import { extractiveEngine } from './domain/chat/engines/extractive.js'
import { createFileRemoval } from './domain/library/file-removal.js'
import { enqueue } from './domain/library/finish-upload.js'
import type { Stills } from './domain/library/stills.js'
import { LibraryUpkeep } from './domain/library/upkeep.js'
import { createUploads, type Uploads } from './domain/library/uploads.js'
import { createVideos } from './domain/library/videos.js'
import { createProcessing } from './domain/processing/processing.js'
import { createSearch } from './domain/search/search.js'
import { steadyTime } from './lib/clock.js'
import { Closers } from './lib/closers.js'
import { every } from './lib/every.js'
import { remembered } from './lib/remembered.js'
import type { ClientMedia } from './media/media-tools.js'
import { DISK_RESERVE_BYTES } from './observability/disk.js'
import type { Parts } from './parts.js'
import { SessionCounters } from './sessions/counters.js'
import type { Tenant, Tenants } from './sessions/tenants.js'
import { topicExists } from './sessions/topic-exists.js'
import { type TenantPorts, tenantPorts } from './tenant-ports.js'

/** How often the log is polled for events of other processes whose notice was lost. */
const LOOK_MS = 1000
const SWEEP_MS = 60_000

interface TenantsOptions extends Omit<Parts, 'media'> {
  readonly media: ClientMedia
  readonly stills: Stills
}

interface OpenTenant extends Tenant {
  readonly uploads: Uploads
  /** Removes the files of a video or an upload whose row is gone. */
  readonly removeFiles: (id: Id) => Promise<void>
  /** Waits for running work. */
  close(): Promise<void>
}

/** Binds the ports of the server to tenants on demand. One sweeper serves all tenants. */
export class ServerTenants implements Tenants {
  readonly #portsOf: (tenant: string) => TenantPorts
  readonly #open = new Map<string, OpenTenant>()
  readonly #upkeep: LibraryUpkeep
  readonly #running = new Closers()

  constructor(private readonly options: TenantsOptions) {
    const { store, clock, logger } = options
    this.#portsOf = tenantPorts(options)
    this.#upkeep = new LibraryUpkeep({
      upkeep: store.upkeep,
      libraryOf: tenant => {
        const { uploads, removeFiles, services } = this.#opened(tenant)
        return { uploads, removeFiles, enqueue: id => enqueue(id, services) }
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

  /** Repairs what a crash left behind, then starts to follow the log. */
  async start(): Promise<void> {
    const { store, notices, streams, clock, logger } = this.options
    const follower = new LogFollower({ log: store.log, notices, streams, logger, lookMs: LOOK_MS })
    this.#running.add(follower)
    await follower.start()
    await endUnfinishedAnswers(store)
    await this.#upkeep.recover()
    const now = steadyTime(clock)
    const sweeps = [
      () => this.#upkeep.sweep(),
      () => expireOutcomes(store.upkeep, now()),
      () => store.log.trim(),
      () => store.upkeep.dropReplacedResults(),
      () => endUnfinishedAnswers(store),
    ]
    for (const sweep of sweeps) this.#running.add(every(SWEEP_MS, sweep, logger))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(tenant => tenant.close()))
    await this.#running.close()
  }

  #opened(name: string): OpenTenant {
    return remembered(this.#open, name, () => this.#bind(name))
  }

  #bind(name: string): OpenTenant {
    const { config, media, stills, text, clock, notices, store: server } = this.options
    const ports = this.#portsOf(name)
    const { store, blobs, bus, logger } = ports
    const removeFiles = createFileRemoval({ blobs, stills, upkeep: server.upkeep })
    const processing = createProcessing({
      ...ports,
      clock,
      text: text.commands,
      limits: { queued: config.queueLimit },
      onQueued: () => notices.send({ kind: 'queued' }),
      onCancelled: jobId => notices.send({ kind: 'cancelled', tenant: name, jobId }),
    })
    const videos = createVideos({ ...ports, processing, removeFiles })
    const uploads = createUploads({
      ...ports,
      media,
      processing,
      removeFiles,
      onBytes: () => notices.send({ kind: 'expected' }),
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
      blobs,
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
