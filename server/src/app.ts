import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { LIMITS } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { monotonicFactory } from 'ulid'
import { createInProcessBus } from './bus/in-process.js'
import type { Config } from './config/schema.js'
import { createChats } from './domain/chat/chat.js'
import { extractiveEngine } from './domain/chat/engines/extractive.js'
import { VideoFiles } from './domain/library/files.js'
import { createUploads } from './domain/library/uploads.js'
import { createVideos } from './domain/library/videos.js'
import { createProcessing } from './domain/processing/processing.js'
import { createSearch } from './domain/search/search.js'
import { parseSubtitles } from './domain/transcript/subtitles.js'
import { Closers } from './lib/closers.js'
import { every } from './lib/every.js'
import { createMediaTools } from './media/ffmpeg/create-media-tools.js'
import { createModels } from './models/create-models.js'
import { defaultModelsDir } from './models/models-dir.js'
import { createMetrics } from './observability/metrics.js'
import { SessionCounters } from './sessions/counters.js'
import { createFlushScheduler } from './sessions/flush-scheduler.js'
import { SessionRegistry } from './sessions/registry.js'
import { ServerInfo } from './sessions/server-info.js'
import { topicExists } from './sessions/topic-exists.js'
import { checkEvent } from './sessions/validators.js'
import { openSqliteStore } from './storage/sqlite/open.js'
import { healthRoutes } from './transport/http/health.js'
import { mediaRoutes } from './transport/http/media.js'
import { metricsRoute } from './transport/http/metrics.js'
import { createRouter } from './transport/http/router.js'
import { uploadRoutes } from './transport/http/uploads/routes.js'
import { listen } from './transport/listen.js'
import { VERSION } from './version.js'

/** What a topic keeps for clients that resume. */
const HISTORY = { count: 5000, bytes: 4 * 1024 * 1024, ageMs: 60 * 60 * 1000 } as const
/** What a connection may have waiting; the hard limit lies well below the 8 MB at which uWS itself drops. */
const OUTBOX = { socketBytes: 256 * 1024, softBytes: 512 * 1024, hardBytes: 2 * 1024 * 1024 } as const
const FAULTY_FRAMES = 100
const HEARTBEAT_MS = 25_000
const IDLE_TIMEOUT_MS = 120_000
const LEASE_MS = 15_000
const SWEEP_MS = 60_000

/** A running server. */
export interface App {
  readonly port: number
  /** Refuses new connections, says goodbye to the open ones, leaves jobs at a checkpoint, and closes everything. */
  close(): Promise<void>
}

/** Builds the rooms in order and opens the port. What was opened closes in reverse, also when a later step fails. */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  const closers = new Closers()
  try {
    const files = new VideoFiles(config.dataDir)
    await files.open()
    const store = closers.add(await openSqliteStore({ file: join(config.dataDir, 'cuewire.db') }))
    const bus = closers.add(
      createInProcessBus({ history: HISTORY, check: config.checkOutput ? checkEvent : undefined }),
    )
    const media = createMediaTools(binaryPaths(config))
    const models = closers.add(createModels({ dir: config.modelsDir || defaultModelsDir(), threads: config.threads }))

    const processing = closers.add(
      createProcessing({
        store,
        bus,
        files,
        media,
        models,
        logger,
        owner: randomUUID(),
        limits: { queued: config.queueLimit, concurrency: config.concurrency },
        leaseMs: LEASE_MS,
        frameRate: config.frameRate,
      }),
    )
    const videos = createVideos({ store, files, bus, processing })
    const uploads = closers.add(
      createUploads({
        store,
        files,
        media,
        bus,
        processing,
        checkSubtitles: subtitles => parseSubtitles({ ...subtitles, source: 'given' }),
        limits: { uploadBytes: config.uploadBytes, expiryMs: config.uploadExpiryHours * 3_600_000 },
        clock: Date.now,
        logger,
      }),
    )
    const search = createSearch({ store })
    const chats = closers.add(
      createChats({ store, bus, engine: extractiveEngine, logger, clock: Date.now, newId: monotonicFactory() }),
    )
    await uploads.recover()
    await chats.start()
    closers.add(every(SWEEP_MS, () => uploads.expire(), logger))

    const modelStatus = await models.status()
    const info = new ServerInfo(
      {
        version: VERSION,
        startedAt: new Date().toISOString(),
        heartbeatMs: HEARTBEAT_MS,
        limits: {
          frameBytes: LIMITS.frameBytes,
          inFlight: LIMITS.inFlight,
          subscriptions: LIMITS.subscriptions,
          uploadBytes: config.uploadBytes,
        },
      },
      { chatEngine: extractiveEngine.name, models: modelStatus },
    )
    const counters = new SessionCounters()
    const registry = new SessionRegistry({
      services: { info, store, videos, uploads, processing, search, chats },
      bus,
      logger,
      counters,
      limits: { ...LIMITS, faultyFrames: FAULTY_FRAMES, outbox: OUTBOX },
      topicExists: topic => topicExists(store, topic),
      schedule: createFlushScheduler(),
      checkOutput: config.checkOutput,
    })
    const metrics = createMetrics({ registry, counters, queuedJobs: () => store.jobs.countQueued() })

    let draining = false
    const checks = [
      async () => ({ name: 'accepting', ok: !draining }),
      async () => ({ name: 'store', ok: (await store.videos.list({ limit: 1 })).items.length >= 0 }),
      ...modelStatus.map(status => async () => ({
        name: `model ${status.task}`,
        ok: status.state === 'ready',
        detail: status.state === 'ready' ? status.pack : `${status.reason} Mend it with: ${status.command}`,
      })),
    ]
    const policy = { hosts: config.hosts, origins: config.origins }
    const listener = await listen({
      host: config.host,
      port: config.port,
      maxConnections: config.maxConnections,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
      policy,
      registry,
      logger,
      route: createRouter({
        policy,
        logger,
        routes: [
          ...uploadRoutes({ uploads, maxBytes: config.uploadBytes }),
          ...mediaRoutes({ videos, files, media }),
          ...healthRoutes(checks),
          metricsRoute(metrics),
        ],
      }),
    })
    processing.start()

    return {
      port: listener.port,
      close: async () => {
        draining = true
        listener.refuseUpgrades()
        await registry.drain({ spreadMs: Math.min(config.drainMs, 3000), signal: AbortSignal.timeout(config.drainMs) })
        listener.close()
        await closers.close()
      },
    }
  } catch (error) {
    await closers.close()
    throw error
  }
}

function binaryPaths({ ffmpegPath, ffprobePath }: Config): { ffmpegPath?: string; ffprobePath?: string } {
  return { ...(ffmpegPath && { ffmpegPath }), ...(ffprobePath && { ffprobePath }) }
}
