import {
  CLOSE_CODES,
  type CloseCodeName,
  type CommandId,
  type Delivery,
  type ErrorDetail,
  type Topic,
} from '@cuewire/protocol'
import type { Logger } from 'pino'
import type { Bus, BusEvent } from '../bus/bus.js'
import { AppError, toAppError } from '../lib/app-error.js'
import type { Command, EntityKey } from './commands.js'
import type { HandlerContext, Services } from './context.js'
import type { SessionCounters } from './counters.js'
import { connectionEvent, errorFrame, replyFrame } from './frames.js'
import { KeyedOrder } from './keyed-order.js'
import { Outbox, type OutboxLimits } from './outbox.js'
import { type Parsed, parseCommand } from './parse-command.js'
import type { Socket } from './socket.js'
import { Subscriptions } from './subscriptions.js'
import { checkOutput } from './validators.js'

export interface SessionLimits {
  readonly frameBytes: number
  readonly inFlight: number
  readonly subscriptions: number
  /** Faulty frames in a row after which the connection is closed as abuse. */
  readonly faultyFrames: number
  readonly outbox: OutboxLimits
}

/** What every session of a server shares. */
export interface SessionDependencies {
  readonly services: Services
  readonly bus: Bus
  readonly logger: Logger
  readonly limits: SessionLimits
  readonly counters: SessionCounters
  readonly topicExists: (topic: Topic) => Promise<boolean>
  readonly schedule: (outbox: Outbox) => void
  /** Whether replies are checked against their schemas. */
  readonly checkOutput: boolean
}

/** One connection: frames in, replies and events out. */
export class Session {
  private readonly outbox: Outbox
  private readonly subscriptions: Subscriptions
  private readonly context: HandlerContext
  private readonly order = new KeyedOrder()
  private inFlight = 0
  private faultyInARow = 0
  private closed = false
  /** True while uWS has the socket corked for us: inside the message callback. */
  private inMessage = false

  constructor(
    readonly id: string,
    private readonly socket: Socket,
    private readonly dependencies: SessionDependencies,
  ) {
    const { limits, bus, schedule, topicExists } = dependencies
    this.outbox = new Outbox({
      socket,
      limits: limits.outbox,
      schedule,
      onLagging: queuedBytes => this.sayLagging(queuedBytes),
      onOverflow: () => this.close('slow', 'the client reads too slowly: reconnect and resume'),
    })
    this.subscriptions = new Subscriptions({
      bus,
      limit: limits.subscriptions,
      deliver: event => this.deliver(event),
      exists: topicExists,
    })
    this.context = { services: dependencies.services, subscriptions: this.subscriptions }
    this.outbox.push(connectionEvent('hello', dependencies.services.info.hello(id)), 'reliable')
  }

  get queuedBytes(): number {
    return this.outbox.queuedBytes + this.socket.bufferedBytes()
  }

  /** Takes a frame, within the socket's message callback. */
  message(text: string, bytes: number): void {
    this.inMessage = true
    const { limits } = this.dependencies
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
    this.dependencies.counters.addOutbox(this.outbox.counters)
  }

  private handle(parsed: Parsed): void {
    if (!parsed.ok) {
      this.refuse(parsed.id, parsed.code, parsed.message, parsed.details)
      return
    }
    this.faultyInARow = 0
    const { id } = parsed
    const { limits } = this.dependencies
    if (this.inFlight >= limits.inFlight) {
      this.sendError(id, new AppError('limit.in_flight', `At most ${limits.inFlight} commands may await their reply.`))
      return
    }
    this.dispatch(parsed.command, parsed.params, id)
  }

  /** Runs the handler; with `fail`, the only place that catches what handlers throw. */
  private dispatch(command: Command, params: object, id: CommandId | undefined): void {
    const { entityKey, handle } = command
    try {
      const result =
        entityKey === undefined
          ? handle(params, this.context)
          : this.order.run(entityOf(params, entityKey), () => handle(params, this.context))
      if (result instanceof Promise) this.await(command, id, result)
      else this.succeed(command, id, result)
    } catch (error) {
      this.fail(command, id, error)
    }
  }

  private async await(command: Command, id: CommandId | undefined, result: Promise<unknown>): Promise<void> {
    this.inFlight++
    try {
      this.succeed(command, id, await result)
    } catch (error) {
      this.fail(command, id, error)
    } finally {
      this.inFlight--
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
    this.sendError(id, new AppError(code, message), details)
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
