import { monotonicFactory } from 'ulid'
import type { Principal } from '../identity/principal.js'
import { Session } from './session.js'
import type { SessionDependencies } from './session-dependencies.js'
import type { Socket } from './socket.js'
import type { Tenants } from './tenants.js'

/** Sessions asked to leave per step of a drain. */
const DRAIN_BATCH = 200
const DRAIN_STEP_MS = 100
const LEAST_RECONNECT_MS = 500
/** How often every session checks its deadlines; earlier ones get a timer. */
const TICK_MS = 1000

interface RegistryOptions {
  readonly tenants: Tenants
  readonly dependencies: SessionDependencies
}

/** All sessions of this server. */
export class SessionRegistry {
  private readonly sessions = new Set<Session>()
  private readonly nextId = monotonicFactory()
  private readonly ticking: NodeJS.Timeout
  private draining: { readonly spreadMs: number } | undefined
  private onLastGone: () => void = () => undefined

  constructor(private readonly options: RegistryOptions) {
    this.ticking = setInterval(() => this.tick(), TICK_MS)
    this.ticking.unref()
  }

  /** In the order they were opened. */
  all(): Iterable<Session> {
    return this.sessions
  }

  /** Begins a session. */
  open(socket: Socket, principal: Principal): Session {
    const { dependencies, tenants } = this.options
    const tenant = tenants.of(principal.tenant)
    const session = new Session(this.nextId(), socket, principal, tenant, dependencies)
    this.sessions.add(session)
    session.attach({ ended: () => this.forget(session), renewed: () => this.check(session) })
    this.check(session)
    if (this.draining) session.leave(reconnectAfterMs(this.draining.spreadMs))
    return session
  }

  /**
   * Asks all sessions to leave, in batches. Each finishes its running commands and gets a reconnect delay, spread at
   * random over `spreadMs` so that clients do not all come back at once. Resolves when all are gone. When the signal
   * aborts, the remaining sessions are closed.
   */
  async drain({ spreadMs, signal }: { readonly spreadMs: number; readonly signal: AbortSignal }): Promise<void> {
    this.draining = { spreadMs }
    const leaving = [...this.sessions]
    for (let i = 0; i < leaving.length; i += DRAIN_BATCH) {
      for (const session of leaving.slice(i, i + DRAIN_BATCH)) session.leave(reconnectAfterMs(spreadMs))
      const more = i + DRAIN_BATCH < leaving.length
      if (more && !signal.aborted) await new Promise(resolve => setTimeout(resolve, DRAIN_STEP_MS))
    }
    await this.gone(signal)
    for (const session of this.sessions) session.cutShort()
  }

  close(): void {
    clearInterval(this.ticking)
  }

  private forget(session: Session): void {
    this.sessions.delete(session)
    if (this.sessions.size === 0) this.onLastGone()
  }

  /** Resolves when no session is left, or when the signal aborts. */
  private async gone(signal: AbortSignal): Promise<void> {
    if (this.sessions.size === 0 || signal.aborted) return
    await new Promise<void>(resolve => {
      this.onLastGone = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  private tick(): void {
    for (const session of this.sessions) this.check(session)
    this.options.dependencies.rateLimits.sweep(this.options.dependencies.clock.elapsed())
  }

  /** Checks a session now, and again at its next deadline if that is before the next tick. */
  private check(session: Session): void {
    const dueInMs = session.tick()
    if (dueInMs < TICK_MS) setTimeout(() => this.check(session), Math.ceil(dueInMs)).unref()
  }
}

function reconnectAfterMs(spreadMs: number): number {
  return Math.round(LEAST_RECONNECT_MS + Math.random() * spreadMs)
}
