import { COMMANDS } from '@cuewire/protocol'
import type { Bus } from '@cuewire/server/bus/bus.js'
import type { Admin } from '@cuewire/server/commands/admin.js'
import { CommandCore } from '@cuewire/server/commands/command-core.js'
import { LOCAL_PRINCIPAL } from '@cuewire/server/identity/principal.js'
import { RateLimits } from '@cuewire/server/identity/rate-limits.js'
import { systemClock } from '@cuewire/server/lib/clock.js'
import { SessionCounters } from '@cuewire/server/sessions/counters.js'
import { createFlushScheduler } from '@cuewire/server/sessions/flush-scheduler.js'
import { SessionRegistry } from '@cuewire/server/sessions/registry.js'
import { ServerInfo } from '@cuewire/server/sessions/server-info.js'
import type { Session } from '@cuewire/server/sessions/session.js'
import type { SessionDependencies, SessionLimits } from '@cuewire/server/sessions/session-dependencies.js'
import type { Socket } from '@cuewire/server/sessions/socket.js'
import type { Tenant } from '@cuewire/server/sessions/tenants.js'
import { pino } from 'pino'

interface TestSessions {
  readonly registry: SessionRegistry
  readonly counters: SessionCounters
  open(socket: Socket): Session
}

const { limits, capabilities } = COMMANDS['server.info'].example.result
const fixed = { version: '0', ffmpeg: '0', transport: 'ws', transportReason: 'none', startedAt: '' } as const
const info = await ServerInfo.open({ ...fixed, limits, heartbeatMs: 1000 }, async () => capabilities)

/** Sessions over a bus alone: a topic of any name exists unless told, and commands that need more fail. */
export function sessionsOver(
  bus: Bus,
  limits: Partial<SessionLimits>,
  topicExists: Tenant['topicExists'] = async () => true,
): TestSessions {
  const counters = new SessionCounters()
  const unavailable = new Proxy({}, { get: () => undefined })
  const tenant = {
    name: 'default',
    bus,
    counters,
    files: unavailable,
    idempotency: unavailable,
    services: unavailable,
    topicExists,
  } as unknown as Tenant
  const logger = pino({ level: 'silent' })
  const dependencies: SessionDependencies = {
    info,
    core: new CommandCore({ info, admin: unavailable as Admin, logger, checkOutput: true }),
    verifyToken: () => LOCAL_PRINCIPAL,
    clock: systemClock,
    rateLimits: new RateLimits({ perSecond: 1e6, burst: 1e6 }),
    schedule: createFlushScheduler(),
    limits: {
      frameBytes: 1000,
      inFlight: 10,
      subscriptions: 10,
      firstFrameMs: 1e9,
      faultyFrames: 100,
      outbox: { socketBytes: 1000, softBytes: 2000, hardBytes: 4000 },
      lingerMs: 0,
      replayPageBytes: 1000,
      ...limits,
    },
  }
  const tenants = { of: () => tenant, all: () => [tenant] }
  const registry = new SessionRegistry({ tenants, dependencies })
  return { registry, counters, open: socket => registry.open(socket, LOCAL_PRINCIPAL) }
}
