import { join } from 'node:path'
import { LIMITS } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { createMemoryNotices } from './bus/memory-notices.js'
import { createSocketNotices } from './bus/socket-notices.js'
import { CommandCore } from './commands/command-core.js'
import type { Config } from './config/schema.js'
import { extractiveEngine } from './domain/chat/engines/extractive.js'
import { Stills } from './domain/library/stills.js'
import { RateLimits } from './identity/rate-limits.js'
import { AppError } from './lib/app-error.js'
import { systemClock } from './lib/clock.js'
import { Closers } from './lib/closers.js'
import { every } from './lib/every.js'
import { tickClock } from './lib/tick-clock.js'
import { checkBinaries } from './media/ffmpeg/binaries.js'
import { MediaProcess } from './media/process/media-process.js'
import { MODEL_TASKS, type Models, type ModelTask } from './models/models.js'
import { diskCheck } from './observability/disk.js'
import { createReadiness, type Readiness } from './observability/health.js'
import { createMetrics } from './observability/metrics.js'
import { workerCheck } from './observability/worker-check.js'
import { openParts } from './parts.js'
import { HandshakeCounters } from './sessions/counters.js'
import { createFlushScheduler } from './sessions/flush-scheduler.js'
import { SessionRegistry } from './sessions/registry.js'
import { createServerAdmin } from './sessions/server-admin.js'
import { ServerInfo } from './sessions/server-info.js'
import { FolderStillCache } from './storage/folder/still-cache.js'
import { ServerTenants } from './tenants.js'
import { type Authenticator, createAuthenticator } from './transport/auth/authenticator.js'
import { readPublicKeys } from './transport/auth/public-keys.js'
import { Tickets } from './transport/auth/tickets.js'
import { createTokenVerifier } from './transport/auth/token-verifier.js'
import { type ChosenTransport, chooseTransport } from './transport/choose-transport.js'
import { ConnectionLimits } from './transport/connection-limits.js'
import { HttpCommands } from './transport/http/commands/http-commands.js'
import { createRouter } from './transport/http/router.js'
import { createRoutes } from './transport/http/routes.js'
import { listen } from './transport/listen.js'
import { VERSION } from './version.js'
import { startWorker } from './worker.js'
import { WorkerProcess } from './worker-process.js'

/** Limits on bytes queued for one connection. The hard limit is well below the 8 MB at which transports drop frames. */
const OUTBOX = { socketBytes: 256 * 1024, softBytes: 512 * 1024, hardBytes: 2 * 1024 * 1024 } as const
const LINGER_MS = 300
const REPLAY_PAGE_BYTES = 64 * 1024
const FAULTY_FRAMES = 100
const MAX_HEARTBEAT_MS = 25_000
/** About as long as browsers and proxies wait for a response. */
const STILL_PATIENCE_MS = 60_000
/** How often the models reported by `hello` are checked again. */
const CAPABILITIES_MS = 2000
/** Long queries that may run at the same time. */
const QUERY_THREADS = 2

/** A running server. */
export interface App {
  readonly port: number
  /** The transport in use, and why it was chosen. */
  readonly transport: string
  /** The state of each part. */
  readiness(): Promise<Readiness>
  /** Refuses new connections, lets the open ones finish and go, leaves jobs at a checkpoint, and closes everything. */
  close(): Promise<void>
}

/** Where jobs run: in a child process, in this process, or in a worker started separately with `--role worker`. */
export type WorkerPlace = 'process' | 'here' | 'elsewhere'

/**
 * Starts the gateway: builds its parts, opens the port and starts the worker. Parts close in reverse order, even if a
 * later step fails.
 */
export async function startApp(config: Config, logger: Logger, worker: WorkerPlace): Promise<App> {
  const closers = new Closers()
  try {
    const chosen = chooseTransport(config.transport)
    const tickets = new Tickets(systemClock)
    const authenticator = authenticatorOf(config, tickets)
    const notices = worker === 'here' ? createMemoryNotices() : await createSocketNotices({ ...config, logger })
    const parts = await openParts({ config, logger, notices, queryThreads: QUERY_THREADS, closers })
    const { store, media, models, text } = parts
    // Both take a while, so they run together. `status` hashes the models and remembers the result.
    const [binaries] = await Promise.all([media.binaries(), models.status()])
    for (const { name, path, version, why } of binaries.programs) {
      logger.info({ path, version: version.text, why }, `${name} is ready`)
    }
    const clientMedia = worker === 'here' ? media : closers.add(new MediaProcess({ binaries }))
    const info = await serverInfo(config, { ffmpeg: binaries.programs[0].version.text, chosen }, async () => ({
      chatEngine: extractiveEngine.name,
      models: await models.status(),
    }))
    // Cheap: files are hashed again only when they have changed.
    closers.add(every(CAPABILITIES_MS, () => info.refresh(), logger))
    const stills = closers.add(
      new Stills({
        media: clientMedia,
        cache: new FolderStillCache(join(config.dataDir, 'stills'), config.stillsCacheBytes),
        children: config.stills,
        queue: config.stillsQueue,
        patienceMs: STILL_PATIENCE_MS,
        logger,
      }),
    )
    await stills.open()
    const tenants = closers.add(new ServerTenants({ ...parts, media: clientMedia, stills }))
    await tenants.start()
    if (worker === 'here') closers.add(startWorker(parts))
    if (worker === 'process') closers.add(new WorkerProcess({ jobs: store.queue, logger })).start()

    const handshakes = new HandshakeCounters()
    const rateLimits = new RateLimits({ perSecond: config.commandsPerSecond, burst: config.commandBurst })
    const core = new CommandCore({
      info,
      admin: createServerAdmin({ tenants, sessions: () => registry.all() }),
      logger,
      checkOutput: config.checkOutput,
    })
    const registry: SessionRegistry = closers.add(
      new SessionRegistry({
        tenants,
        dependencies: {
          info,
          core,
          verifyToken: token => authenticator.token(token),
          clock: tickClock,
          rateLimits,
          limits: {
            ...LIMITS,
            firstFrameMs: config.firstFrameMs,
            faultyFrames: FAULTY_FRAMES,
            outbox: OUTBOX,
            lingerMs: LINGER_MS,
            replayPageBytes: REPLAY_PAGE_BYTES,
          },
          schedule: createFlushScheduler(),
        },
      }),
    )
    const commands = new HttpCommands({ core, tenants, rateLimits, clock: tickClock, limits: LIMITS })
    let draining = false
    const checks = [
      {
        name: 'accepting',
        immediate: true,
        check: async () => {
          if (draining) throw new AppError('server.draining', 'The server is shutting down.')
          return undefined
        },
      },
      { name: 'store', check: () => store.check() },
      diskCheck(config.dataDir),
      workerCheck(store.queue, worker === 'elsewhere'),
      { name: 'ffmpeg', check: () => checkBinaries(binaries) },
      ...MODEL_TASKS.map(task => ({ name: `model ${task}`, check: () => modelHealth(models, task) })),
    ]
    const readiness = createReadiness(checks, logger)
    const policy = { hosts: config.hosts, origins: config.origins }
    const { transport, reason } = chosen
    const listener = await listen({
      transport,
      host: config.host,
      port: config.port,
      tls: config.tlsCertFile ? { certFile: config.tlsCertFile, keyFile: config.tlsKeyFile } : undefined,
      connectionLimits: new ConnectionLimits({
        inAll: config.maxConnections,
        ofAddress: config.maxConnectionsPerAddress || config.maxConnections,
        ofSubject: config.maxConnectionsPerSubject,
      }),
      idleTimeoutMs: config.idleTimeoutMs,
      policy,
      authenticator,
      registry,
      onRefused: code => void handshakes.refused[code]++,
      logger,
      route: createRouter({
        policy,
        authenticator,
        rateLimits,
        clock: tickClock,
        logger,
        routes: createRoutes({
          tickets,
          commands,
          tenants,
          stills,
          readiness,
          uploadBytes: config.uploadBytes,
          tls: config.tlsCertFile !== '',
          needsToken: authenticator.enabled,
          metrics: createMetrics({ registry, tenants: () => tenants.all(), handshakes }),
        }),
      }),
    })
    logger.info({ transport: transport.name, reason, host: config.host, port: listener.port }, 'listening')

    // Takes about a second; the first question would otherwise wait for it.
    text.commands.run('warm', undefined).catch((error: unknown) => {
      if (!draining) logger.error({ err: error }, 'the language model cannot be loaded')
    })
    return {
      port: listener.port,
      transport: `${transport.name}, as ${reason}`,
      readiness,
      close: async () => {
        draining = true
        listener.refuseUpgrades()
        const signal = AbortSignal.timeout(config.drainMs)
        const spreadMs = Math.min(config.drainMs, 3000)
        await Promise.all([registry.drain({ spreadMs, signal }), commands.drain(signal)])
        listener.close()
        await closers.close()
      },
    }
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** The pack for a task. Throws if it is not ready on disk at this moment. */
async function modelHealth(models: Models, task: ModelTask): Promise<string> {
  const status = (await models.status()).find(found => found.task === task)
  if (status?.state === 'ready') return status.pack
  const mend = status ? `${status.reason}; fix it with: ${status.command}` : `no model pack does ${task}`
  throw new AppError(status?.state === 'corrupt' ? 'model.corrupt' : 'model.missing', mend)
}

function serverInfo(
  config: Config,
  { ffmpeg, chosen }: { readonly ffmpeg: string; readonly chosen: ChosenTransport },
  capabilities: Parameters<typeof ServerInfo.open>[1],
): Promise<ServerInfo> {
  const { uploadBytes, openUploads, firstFrameMs, commandsPerSecond, commandBurst } = config
  const { frameBytes, inFlight, subscriptions, depth, values, idempotencyMs } = LIMITS
  return ServerInfo.open(
    {
      version: VERSION,
      ffmpeg,
      transport: chosen.transport.name,
      transportReason: chosen.reason,
      startedAt: new Date(systemClock.now()).toISOString(),
      heartbeatMs: Math.min(MAX_HEARTBEAT_MS, Math.floor(config.idleTimeoutMs / 3)),
      limits: {
        frameBytes,
        inFlight,
        subscriptions,
        uploadBytes,
        openUploads,
        depth,
        values,
        commandsPerSecond,
        commandBurst,
        idempotencyMs,
        firstFrameMs,
      },
    },
    capabilities,
  )
}

function authenticatorOf(config: Config, tickets: Tickets): Authenticator {
  const { jwtSecret, jwtPublicKeyFile, jwtIssuer: issuer, jwtAudience: audience } = config
  if (!jwtSecret && !jwtPublicKeyFile) return createAuthenticator(undefined, tickets)
  const publicKeys = jwtPublicKeyFile ? readPublicKeys(jwtPublicKeyFile) : []
  return createAuthenticator(createTokenVerifier({ secret: jwtSecret, publicKeys, issuer, audience }), tickets)
}
