import { CLOSE_CODES, type CloseCodeName, type CommandResult } from '@cuewire/protocol'
import { type Principal, wirePrincipal } from '../identity/principal.js'
import type { ConnectionRate } from '../identity/rate-limits.js'
import { AppError } from '../lib/app-error.js'
import { CommandRunner } from './command-runner.js'
import type { Connection } from './connection.js'
import { connectionEvent, goodbyeFrame } from './frames.js'
import { Lifetime } from './lifetime.js'
import { type Lag, Outbox } from './outbox.js'
import type { SessionDependencies } from './session-dependencies.js'
import type { Socket } from './socket.js'
import { SocketCall } from './socket-call.js'
import { Subscriptions } from './subscriptions.js'
import type { Tenant } from './tenants.js'

const DRAINING = 'the server is shutting down'

type SessionInfo = CommandResult<'admin.sessions'>['sessions'][number]

interface SessionOwner {
  /** Called once, when the session has ended. */
  readonly ended: () => void
  /** Called after the reply to a new token, because its deadlines differ. */
  readonly renewed: () => void
}

/** One connection: frames in, replies and events out. */
export class Session implements Connection {
  private readonly outbox: Outbox
  private readonly subscriptions: Subscriptions
  private readonly runner: CommandRunner
  private readonly lifetime: Lifetime
  private readonly openedAt: string
  private readonly rate: ConnectionRate
  private closing = false
  private closed = false
  private leaving = false
  /** Timer that keeps a leaving session open for commands the client sent before it got `goodbye`. */
  private lingering: NodeJS.Timeout | undefined
  private owner: SessionOwner = { ended: () => undefined, renewed: () => undefined }
  /** True inside the message callback, while the transport has corked the socket. */
  private inMessage = false

  constructor(
    readonly id: string,
    private readonly socket: Socket,
    private current: Principal,
    private readonly tenant: Tenant,
    private readonly dependencies: SessionDependencies,
  ) {
    const { limits, rateLimits, schedule, info, clock } = dependencies
    this.openedAt = new Date(clock.now()).toISOString()
    this.rate = rateLimits.connection(current, socket.remoteAddress, clock.elapsed())
    const { expiresAtMs } = current
    this.lifetime = new Lifetime({ clock, expiresAtMs, firstFrameMs: limits.firstFrameMs })
    this.outbox = new Outbox({
      socket,
      limits: limits.outbox,
      counters: tenant.counters,
      schedule,
      onLagging: lag => this.sayLagging(lag),
      onOverflow: () => this.closeAsSlow(),
      onEmpty: () => this.emptied(),
    })
    this.subscriptions = new Subscriptions({
      bus: tenant.bus,
      limits: {
        subscriptions: limits.subscriptions,
        pageBytes: limits.replayPageBytes,
        backlogBytes: limits.outbox.hardBytes,
      },
      deliver: ({ frame, delivery, key }) => this.outbox.push(frame, delivery, key),
      onOverflow: () => this.closeAsSlow(),
      exists: topic => tenant.topicExists(topic),
      allows: scope => this.current.scopes.has(scope),
    })
    this.runner = new CommandRunner({
      sessionId: id,
      principal: () => this.current,
      tenant,
      rate: this.rate,
      core: dependencies.core,
      clock,
      limits,
      isCongested: () => this.outbox.isCongested,
      answer: frame => this.answer(frame),
      socketCall: () =>
        new SocketCall({
          subscriptions: this.subscriptions,
          refresh: token => this.refresh(token),
          onRefreshed: () => this.owner.renewed(),
        }),
      onAbuse: () => this.close('abuse', 'too many faulty frames in a row'),
    })
    tenant.counters.opened++
    this.outbox.push(connectionEvent('hello', info.hello(id, current)), 'reliable')
  }

  get principal(): Principal {
    return this.current
  }

  /** Bytes queued for sending. */
  get queuedBytes(): number {
    return this.outbox.queuedBytes + this.subscriptions.queuedBytes + this.socket.bufferedBytes()
  }

  /** The session as `admin.sessions` reports it. */
  describe(): SessionInfo {
    return {
      sessionId: this.id,
      principal: wirePrincipal(this.current),
      remoteAddress: this.socket.remoteAddress,
      openedAt: this.openedAt,
      topics: this.subscriptions.topics,
      inFlight: this.runner.inFlight,
      queuedBytes: this.queuedBytes,
    }
  }

  /** Sends due warnings and closes on expiry. Returns the milliseconds until the next deadline. */
  tick(): number {
    switch (this.lifetime.check()) {
      case 'expired':
        this.close('expired', 'the token has expired: reconnect with a new one')
        break
      case 'silent':
        this.close('silent', 'no frame came in time')
        break
      case 'expiring':
        this.outbox.push(connectionEvent('auth.expiring', { expiresAt: this.expiresAt() }), 'reliable')
        break
      case undefined:
        break
    }
    return this.closed ? Number.POSITIVE_INFINITY : this.lifetime.dueInMs()
  }

  /** Sets who is notified when the session ends or gets a new token. */
  attach(owner: SessionOwner): void {
    this.owner = owner
  }

  message(text: string, bytes: number): void {
    // Ignore frames that arrived before the session was closed while its tenant was opening.
    if (this.closed) return
    this.inMessage = true
    this.lifetime.hear()
    this.tenant.counters.receivedBytes += bytes
    this.runner.message(text, bytes)
    this.inMessage = false
  }

  binaryMessage(): void {
    if (this.closed) return
    this.inMessage = true
    this.lifetime.hear()
    this.runner.binaryMessage()
    this.inMessage = false
  }

  drained(): void {
    this.outbox.flush()
    if (this.leaving) this.closeIfDone()
  }

  /**
   * Sends `goodbye` and accepts no more commands. Closes once running commands are answered and everything queued is
   * sent, but not before commands that crossed `goodbye` have arrived and been refused.
   */
  leave(reconnectAfterMs: number): void {
    this.leaving = true
    this.outbox.push(goodbyeFrame('draining', DRAINING, reconnectAfterMs), 'reliable')
    this.lingering = setTimeout(() => {
      this.lingering = undefined
      this.closeIfDone()
    }, this.dependencies.limits.lingerMs)
    this.runner.leave(reconnectAfterMs, () => this.closeIfDone())
  }

  /** Closes even if commands are running. */
  cutShort(): void {
    this.close('draining', DRAINING)
  }

  /** The socket is gone. Releases what the session holds. */
  ended(): void {
    if (this.closed) return
    this.closed = true
    clearTimeout(this.lingering)
    this.runner.end()
    this.subscriptions.close()
    this.outbox.close()
    this.rate.release()
    this.owner.ended()
  }

  /**
   * Sends what the socket still accepts, then `goodbye`, and closes with a code. The client resumes to get the rest.
   */
  private close(name: CloseCodeName, reason: string): void {
    if (this.closing || this.closed) return
    this.closing = true
    this.outbox.flush()
    this.ended()
    if (!this.leaving) this.socket.cork(() => this.socket.send(goodbyeFrame(name, reason)))
    this.socket.end(CLOSE_CODES[name].code, reason)
    this.tenant.counters.closed[name]++
  }

  private closeAsSlow(): void {
    this.close('slow', 'the client reads too slowly: reconnect and resume')
  }

  private emptied(): void {
    this.subscriptions.catchUp()
    this.runner.resume()
  }

  /** Also waits for the socket's buffer, because the process may exit right after the last session. */
  private closeIfDone(): void {
    this.outbox.flush()
    const isBusy = this.lingering || this.runner.inFlight > 0 || !this.outbox.isEmpty || this.socket.bufferedBytes() > 0
    if (!isBusy) this.cutShort()
  }

  private answer(frame: string): void {
    if (this.inMessage) this.outbox.sendNow(frame)
    else this.outbox.push(frame, 'reliable')
  }

  private refresh(token: string): Principal {
    const next = this.dependencies.verifyToken(token)
    if (next.subject !== this.current.subject || next.tenant !== this.current.tenant) {
      throw new AppError(
        'auth.subject_changed',
        'The new token is for another subject or tenant; open a new connection.',
      )
    }
    this.current = next
    this.lifetime.renew(next.expiresAtMs)
    this.subscriptions.recheck()
    return next
  }

  private expiresAt(): string {
    return new Date(this.current.expiresAtMs ?? 0).toISOString()
  }

  private sayLagging(lag: Lag): void {
    this.outbox.push(connectionEvent('lagging', { ...lag }), 'reliable')
  }
}
