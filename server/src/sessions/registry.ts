import type { Logger } from 'pino'
import { monotonicFactory } from 'ulid'
import type { Connection } from './connection.js'
import { OpeningConnection } from './opening-connection.js'
import type { Principal } from './principal.js'
import { Session } from './session.js'
import type { SessionDependencies } from './session-dependencies.js'
import type { Socket } from './socket.js'
import type { Tenant, Tenants } from './tenants.js'

/** Sessions told to leave in one step of a drain. */
const DRAIN_BATCH = 200
const DRAIN_STEP_MS = 100
/** How often sessions are looked at for what time does to them. */
const TICK_MS = 1000

interface RegistryOptions {
  readonly tenants: Tenants
  readonly logger: Logger
  readonly dependencies: SessionDependencies
}

/** All sessions of this server. */
export class SessionRegistry {
  private readonly sessions = new Set<Session>()
  private readonly nextId = monotonicFactory()
  private readonly ticking: NodeJS.Timeout
  /** Sockets whose tenant is being opened. */
  private opening = 0

  constructor(private readonly options: RegistryOptions) {
    this.ticking = setInterval(() => this.tick(), TICK_MS)
    this.ticking.unref()
  }

  get size(): number {
    return this.sessions.size + this.opening
  }

  /** In the order they were opened. */
  all(): Iterable<Session> {
    return this.sessions
  }

  /** Begins a session, at once where the tenant is open already. */
  open(socket: Socket, principal: Principal): Connection {
    const tenant = this.options.tenants.opened(principal.tenant)
    if (tenant) return this.begin(socket, principal, tenant)
    this.opening++
    const opened = this.options.tenants.open(principal.tenant).then(ready => this.begin(socket, principal, ready))
    const settled = () => void this.opening--
    opened.then(settled, settled)
    const { logger, dependencies } = this.options
    return new OpeningConnection(socket, opened, { logger, counters: dependencies.counters })
  }

  queuedBytes(): number {
    let bytes = 0
    for (const session of this.sessions) bytes += session.queuedBytes
    return bytes
  }

  /**
   * Says goodbye to everyone in paced batches, so that they do not all come back at once: each is told a time to
   * wait, spread evenly at random over `spreadMs`.
   */
  async drain({ spreadMs, signal }: { readonly spreadMs: number; readonly signal: AbortSignal }): Promise<void> {
    const leaving = [...this.sessions]
    for (let i = 0; i < leaving.length; i += DRAIN_BATCH) {
      for (const session of leaving.slice(i, i + DRAIN_BATCH)) {
        session.close('draining', 'the server is shutting down', Math.round(500 + Math.random() * spreadMs))
      }
      const more = i + DRAIN_BATCH < leaving.length
      if (more && !signal.aborted) await new Promise(resolve => setTimeout(resolve, DRAIN_STEP_MS))
    }
  }

  close(): void {
    clearInterval(this.ticking)
  }

  private begin(socket: Socket, principal: Principal, tenant: Tenant): Session {
    const { dependencies } = this.options
    const session = new Session(this.nextId(), socket, principal, tenant, dependencies)
    session.onEnded(() => void this.sessions.delete(session))
    this.sessions.add(session)
    dependencies.counters.opened++
    return session
  }

  private tick(): void {
    const now = Date.now()
    for (const session of this.sessions) session.tick(now)
    this.options.dependencies.rateLimits.sweep(now)
  }
}
