import { monotonicFactory } from 'ulid'
import { Session, type SessionDependencies } from './session.js'
import type { Socket } from './socket.js'

/** Sessions told to leave in one step of a drain. */
const DRAIN_BATCH = 200
const DRAIN_STEP_MS = 100

/** All sessions of this server. */
export class SessionRegistry {
  private readonly sessions = new Set<Session>()
  private readonly nextId = monotonicFactory()

  constructor(private readonly dependencies: SessionDependencies) {}

  get size(): number {
    return this.sessions.size
  }

  /** Begins a session; its end is the returned function, called when the socket is gone. */
  open(socket: Socket): { readonly session: Session; ended(): void } {
    const session = new Session(this.nextId(), socket, this.dependencies)
    this.sessions.add(session)
    this.dependencies.counters.opened++
    return {
      session,
      ended: () => {
        this.sessions.delete(session)
        session.ended()
      },
    }
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
}
