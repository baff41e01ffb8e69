import { randomUUID } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { monotonicFactory } from 'ulid'
import { createInProcessBus } from './bus/in-process.js'
import { Idempotency } from './commands/idempotency.js'
import type { Config } from './config/schema.js'
import { createChats } from './domain/chat/chat.js'
import { extractiveEngine } from './domain/chat/engines/extractive.js'
import { VideoFiles } from './domain/library/files.js'
import type { Stills } from './domain/library/stills.js'
import { createUploads } from './domain/library/uploads.js'
import { createVideos } from './domain/library/videos.js'
import { createProcessing } from './domain/processing/processing.js'
import { createSearch } from './domain/search/search.js'
import type { TextThreads } from './domain/text-work/text-threads.js'
import { isTenantName } from './identity/principal.js'
import { type Clock, steadyTime } from './lib/clock.js'
import { Closers } from './lib/closers.js'
import { every } from './lib/every.js'
import { Semaphore } from './lib/semaphore.js'
import type { MediaTools } from './media/media-tools.js'
import type { Models } from './models/models.js'
import { DISK_RESERVE_BYTES } from './observability/disk.js'
import { SessionCounters } from './sessions/counters.js'
import type { Tenant, Tenants } from './sessions/tenants.js'
import { topicExists } from './sessions/topic-exists.js'
import { checkEvent } from './sessions/validators.js'
import { openSqliteStore } from './storage/sqlite/open.js'

/** What a topic keeps for clients that resume. */
const HISTORY = { count: 5000, bytes: 4 * 1024 * 1024, ageMs: 60 * 60 * 1000 } as const
const LEASE_MS = 15_000
const SWEEP_MS = 60_000
const REOPEN_MS = 10_000

interface TenantsOptions {
  readonly config: Config
  readonly media: MediaTools
  readonly stills: Stills
  readonly models: Models
  readonly text: TextThreads
  readonly clock: Clock
  readonly logger: Logger
}

/** Opens tenants below `<data>/tenants/`, each with a folder of its own; they share the models and the places for jobs. */
export function createTenants(options: TenantsOptions): Tenants & { openAll(): Promise<void>; close(): Promise<void> } {
  const { logger } = options
  const folder = join(options.config.dataDir, 'tenants')
  const slots = new Semaphore(options.config.concurrency)
  const tenantParts: Closers[] = []
  const opened = new Map<string, Tenant>()
  const opening = new Map<string, Promise<Tenant>>()
  /** Why the last attempt to open a tenant failed. */
  const failures = new Map<string, string>()
  let closed = false

  const open = (name: string): Promise<Tenant> => {
    if (closed) return Promise.reject(new Error('the tenants are closed'))
    const known = opening.get(name)
    if (known) return known
    const promise = openTenant(name, join(folder, name), { ...options, slots, tenantParts })
    opening.set(name, promise)
    promise.then(
      tenant => {
        opened.set(name, tenant)
        if (failures.delete(name)) logger.info({ tenant: name }, 'a tenant could be opened again')
      },
      (error: unknown) => {
        // What failed once may succeed the next time.
        opening.delete(name)
        const reason = String(error)
        if (failures.get(name) !== reason) logger.error({ err: error, tenant: name }, 'a tenant could not be opened')
        failures.set(name, reason)
      },
    )
    return promise
  }

  /** Names of the tenants that have data. */
  const names = async () => {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter(entry => entry.isDirectory() && isTenantName(entry.name)).map(({ name }) => name)
  }

  /** Tries those again that failed, so that their jobs go on once the fault is mended. */
  const reopen = async () => {
    const present = failures.size > 0 ? await names() : []
    for (const name of failures.keys()) {
      if (present.includes(name)) await Promise.allSettled([open(name)])
      else failures.delete(name)
    }
  }
  const reopening = every(REOPEN_MS, reopen, logger)

  return {
    opened: name => opened.get(name),
    open,
    all: () => [...opened.values()],
    failed: () => failures.size,

    /** Every tenant that has a folder, so that its unfinished jobs continue; one that cannot be opened is logged. */
    async openAll() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      for (const name of await names()) await Promise.allSettled([open(name)])
    },

    async close() {
      closed = true
      await reopening.close()
      await Promise.allSettled(opening.values())
      // All at once: the job of one may hold the place another waits for.
      await Promise.all(tenantParts.map(parts => parts.close()))
    },
  }
}

async function openTenant(
  name: string,
  dataDir: string,
  shared: TenantsOptions & { readonly slots: Semaphore; readonly tenantParts: Closers[] },
): Promise<Tenant> {
  const { config, media, stills, models, text, clock, tenantParts, slots } = shared
  const logger = shared.logger.child({ tenant: name })
  const parts = new Closers()
  try {
    const files = new VideoFiles(dataDir)
    await files.open()
    const store = parts.add(await openSqliteStore({ file: join(dataDir, 'cuewire.db'), clock, logger }))
    const check = config.checkOutput ? checkEvent : undefined
    const bus = parts.add(createInProcessBus({ history: HISTORY, clock, check }))
    parts.add(every(SWEEP_MS, async () => bus.sweep(), logger))
    const processing = parts.add(
      createProcessing({
        store,
        bus,
        files,
        media,
        models,
        text,
        clock,
        logger,
        slots,
        owner: randomUUID(),
        limits: { queued: config.queueLimit, concurrency: config.concurrency },
        leaseMs: LEASE_MS,
        frameRate: config.frameRate,
      }),
    )
    const videos = createVideos({ store, files, bus, processing, stills })
    const uploads = parts.add(
      createUploads({
        store,
        files,
        media,
        bus,
        processing,
        checkSubtitles: subtitles => text.commands.run('checkSubtitles', { ...subtitles, source: 'given' }),
        limits: {
          uploadBytes: config.uploadBytes,
          openUploads: config.openUploads,
          expiryMs: config.uploadExpiryHours * 3_600_000,
          reservedBytes: DISK_RESERVE_BYTES,
        },
        clock,
        logger,
      }),
    )
    const search = createSearch({ store, text: text.commands })
    const newId = monotonicFactory()
    const chats = parts.add(
      createChats({
        store,
        bus,
        text: text.commands,
        engine: extractiveEngine,
        logger,
        clock,
        newId: () => newId(),
      }),
    )
    await uploads.recover()
    await stills.adopt(files)
    await chats.start()
    parts.add(every(SWEEP_MS, () => uploads.expire(), logger))
    const idempotency = parts.add(new Idempotency({ store, clock: steadyTime(clock), logger }))
    parts.add(every(SWEEP_MS, () => idempotency.sweep(), logger))
    processing.start()
    tenantParts.push(parts)
    return {
      name,
      services: { store, videos, uploads, processing, search, chats },
      bus,
      files,
      counters: new SessionCounters(),
      idempotency,
      topicExists: topic => topicExists(store, topic),
    }
  } catch (error) {
    await parts.close()
    throw error
  }
}
