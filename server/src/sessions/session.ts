import {
  CLOSE_CODES,
  type CloseCodeName,
  type CommandId,
  type CommandResult,
  type Delivery,
  type ErrorDetail,
} from '@cuewire/protocol'
import type { BusEvent } from '../bus/bus.js'
import { AppError, toAppError } from '../lib/app-error.js'
import { tickNow } from '../lib/tick-clock.js'
import type { Command, EntityKey } from './commands.js'
import type { Connection } from './connection.js'
import type { HandlerContext } from './context.js'
import { connectionEvent, errorFrame, replyFrame } from './frames.js'
import { KeyedOrder } from './keyed-order.js'
import { Lifetime } from './lifetime.js'
import { Outbox, type OutboxCounters } from './outbox.js'
import { type Parsed, type ParsedCommand, parseCommand } from './parse-command.js'
import { type Principal, wirePrincipal } from './principal.js'
import { type ConnectionRate, tooFast } from './rate-limits.js'
import type { SessionDependencies } from './session-dependencies.js'
import type { Socket } from './socket.js'
import { Subscriptions } from './subscriptions.js'
import type { Tenant } from './tenants.js'
import { checkOutput } from './validators.js'

/** Tokens a frame costs that is no valid command. */
const FAULTY_COST = 1

type SessionInfo = CommandResult<'admin.sessions'>['sessions'][number]

/** One connection: frames in, replies and events out. */
export class Session implements Connection {
  private readonly outbox: Outbox
  private readonly subscriptions: Subscriptions
  private readonly context: HandlerContext
  private readonly order = new KeyedOrder()
  private readonly lifetime: Lifetime
  private readonly openedAt: string
  private readonly rate: ConnectionRate
  private inFlight = 0
  private faultyInARow = 0
  private closed = false
  private forget: () => void = () => undefined
  /** True while uWS has the socket corked for us: inside the message callback. */
  private inMessage = false

  constructor(
    readonly id: string,
    private readonly socket: Socket,
    private current: Principal,
    private readonly tenant: Tenant,
    private readonly dependencies: SessionDependencies,
  ) {
    const { limits, rateLimits, schedule, info, admin } = dependencies
    const openedAtMs = Date.now()
    this.openedAt = new Date(openedAtMs).toISOString()
    this.rate = rateLimits.connection(current, socket.remoteAddress, openedAtMs)
    this.lifetime = new Lifetime(current.expiresAtMs, openedAtMs + limits.firstFrameMs)
    this.outbox = new Outbox({
      socket,
      limits: limits.outbox,
      schedule,
      onLagging: queuedBytes => this.sayLagging(queuedBytes),
      onOverflow: () => this.close('slow', 'the client reads too slowly: reconnect and resume'),
    })
    this.subscriptions = new Subscriptions({
      bus: tenant.bus,
      limit: limits.subscriptions,
      deliver: event => this.deliver(event),
      exists: topic => tenant.topicExists(topic),
      allows: scope => this.current.scopes.has(scope),
    })
    this.context = {
      info,
      admin,
      tenant: tenant.name,
      services: tenant.services,
      subscriptions: this.subscriptions,
      refresh: token => this.refresh(token),
    }
    this.outbox.push(connectionEvent('hello', info.hello(id, current)), 'reliable')
  }

  get principal(): Principal {
    return this.current
  }

  /** For the admin. */
  describe(): SessionInfo {
    return {
      sessionId: this.id,
      principal: wirePrincipal(this.current),
      remoteAddress: this.socket.remoteAddress,
      openedAt: this.openedAt,
      topics: this.subscriptions.topics,
      inFlight: this.inFlight,
      queuedBytes: this.queuedBytes,
    }
  }

  /** Called about once a second: warns of what time is about to end, and ends it. */
  tick(now: number): void {
    switch (this.lifetime.check(now)) {
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
  }

  get queuedBytes(): number {
    return this.outbox.queuedBytes + this.socket.bufferedBytes()
  }

  /** What became of the frames sent so far. */
  get frames(): OutboxCounters {
    return this.outbox.counters
  }

  /** Sets what is done once when the session has ended. */
  onEnded(forget: () => void): void {
    this.forget = forget
  }

  message(text: string, bytes: number): void {
    this.inMessage = true
    this.lifetime.hear()
    const { limits, counters } = this.dependencies
    counters.receivedBytes += bytes
    if (bytes > limits.frameBytes) {
      this.refuse(undefined, 'frame.too_large', `A frame may have ${limits.frameBytes} bytes; this one has ${bytes}.`)
    } else {
      this.handle(parseCommand(text))
    }
    this.inMessage = false
  }

  binaryMessage(): void {
    this.refuse(undefined, 'frame.not_text', 'Commands are JSON in text frames; this frame is binary.')
  }

  drained(): void {
    this.outbox.flush()
  }

  /** Says goodbye and closes with a code; what is queued and unsent is dropped, to be resumed. */
  close(name: CloseCodeName, reason: string, reconnectAfterMs?: number): void {
    if (this.closed) return
    const { code } = CLOSE_CODES[name]
    const goodbye = connectionEvent('goodbye', {
      code,
      reason,
      ...(reconnectAfterMs !== undefined && { reconnectAfterMs }),
    })
    this.ended()
    this.socket.cork(() => this.socket.send(goodbye))
    this.socket.end(code, reason)
    this.dependencies.counters.closed[name]++
  }

  /** The socket is gone: frees what the session holds. */
  ended(): void {
    if (this.closed) return
    this.closed = true
    this.subscriptions.close()
    this.outbox.close()
    this.rate.release()
    this.dependencies.counters.addOutbox(this.outbox.counters)
    this.forget()
  }

  private handle(parsed: Parsed): void {
    if (!parsed.ok) {
      this.refuse(parsed.id, parsed.code, parsed.message, parsed.details)
      return
    }
    this.faultyInARow = 0
    const { id, command } = parsed
    const waitMs = this.rate.take(command.cost, tickNow())
    if (waitMs > 0) {
      this.sendError(id, tooFast(waitMs))
      return
    }
    const { limits } = this.dependencies
    if (this.inFlight >= limits.inFlight) {
      this.sendError(id, new AppError('limit.in_flight', `At most ${limits.inFlight} commands may await their reply.`))
      return
    }
    this.dispatch(parsed)
  }

  /** Runs the handler; with `fail`, the only place that catches what handlers throw. */
  private dispatch({ command, params, id, key }: ParsedCommand): void {
    const { name, scope, mutating } = command
    try {
      if (scope !== 'none' && !this.current.scopes.has(scope)) {
        throw new AppError('auth.forbidden', `${name} needs the scope ${scope}.`)
      }
      const result = this.run(key !== undefined && mutating ? this.keyed(command, key) : command, params)
      if (result instanceof Promise) this.await(command, id, result)
      else this.succeed(command, id, result)
    } catch (error) {
      this.fail(command, id, error)
    }
  }

  private run({ entityKey, handle }: Command, params: object): unknown {
    if (entityKey === undefined) return handle(params, this.context)
    return this.order.run(entityOf(params, entityKey), () => handle(params, this.context))
  }

  /** The command as its key lets it run: once, and still in its turn among those about the same thing. */
  private keyed(command: Command, key: string): Command {
    const { name, handle } = command
    const { subject } = this.current
    return {
      ...command,
      handle: (params, context) =>
        this.tenant.idempotency.run({ subject, key, name, params }, () => handle(params, context)),
    }
  }

  private async await(command: Command, id: CommandId | undefined, result: Promise<unknown>): Promise<void> {
    this.inFlight++
    const startedMs = performance.now()
    try {
      this.succeed(command, id, await result)
    } catch (error) {
      this.fail(command, id, error)
    } finally {
      this.inFlight--
      this.dependencies.counters.took(command.name, performance.now() - startedMs)
    }
  }

  private succeed({ name, result: schema }: Command, id: CommandId | undefined, result: unknown): void {
    const { checkOutput: checked, counters } = this.dependencies
    if (checked) checkOutput(`result of ${name}`, schema, result)
    this.send(replyFrame(id, result))
    counters.commands[name]++
    this.subscriptions.replied(result)
  }

  private fail({ name }: Command, id: CommandId | undefined, error: unknown): void {
    const appError = toAppError(error)
    if (appError.code === 'server.internal') {
      this.dependencies.logger.error({ err: error, command: name, session: this.id }, 'command failed')
    }
    this.sendError(id, appError)
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

  private deliver({ frame, delivery, key }: BusEvent): void {
    this.outbox.push(frame, delivery, key)
  }

  private send(frame: string, delivery: Delivery = 'reliable'): void {
    if (this.inMessage) this.outbox.sendNow(frame)
    else this.outbox.push(frame, delivery)
  }

  private sendError(id: CommandId | undefined, error: AppError, details?: readonly ErrorDetail[]): void {
    this.dependencies.counters.error(error.code)
    this.send(errorFrame(id, error, details))
  }

  /** Answers a frame that is no valid command; only a long run of them closes the connection. */
  private refuse(
    ...[id, code, message, details]: [CommandId | undefined, AppError['code'], string, (readonly ErrorDetail[])?]
  ): void {
    const waitMs = this.rate.take(FAULTY_COST, tickNow())
    if (waitMs > 0) this.sendError(id, tooFast(waitMs))
    else this.sendError(id, new AppError(code, message), details)
    if (++this.faultyInARow >= this.dependencies.limits.faultyFrames)
      this.close('abuse', 'too many faulty frames in a row')
  }

  private sayLagging(queuedBytes: number): void {
    const { droppedVolatile, coalescedLatest } = this.outbox.counters
    this.outbox.push(connectionEvent('lagging', { queuedBytes, droppedVolatile, coalescedLatest }), 'reliable')
  }
}

/** What a command is about. A key that is absent (it may be optional) is one thing like any other. */
function entityOf(params: object, key: EntityKey): string {
  return String((params as Record<string, unknown>)[key])
}
