import type { CommandId, ErrorDetail } from '@cuewire/protocol'
import Denque from 'denque'
import { AppError, toAppError } from '../lib/app-error.js'
import type { Command, EntityKey } from './commands.js'
import type { HandlerContext } from './context.js'
import { errorFrame, replyFrame } from './frames.js'
import { KeyedOrder } from './keyed-order.js'
import { type ParsedCommand, parseCommand } from './parse-command.js'
import type { Principal } from './principal.js'
import { type ConnectionRate, tooFast } from './rate-limits.js'
import type { SessionDependencies } from './session-dependencies.js'
import type { Tenant } from './tenants.js'
import { checkOutput } from './validators.js'

/** Tokens a frame costs that is no valid command. */
const FAULTY_COST = 1

interface CommandRunnerOptions {
  readonly sessionId: string
  readonly principal: () => Principal
  readonly tenant: Tenant
  readonly rate: ConnectionRate
  readonly context: HandlerContext
  readonly dependencies: SessionDependencies
  /** Whether so much waits to be sent that answering more commands must wait. */
  readonly isCongested: () => boolean
  /** Sends the one answer of a frame. */
  readonly answer: (frame: string) => void
  /** A command succeeded, and its reply is on its way. */
  readonly onReplied: (result: unknown) => void
  /** Called at each faulty frame too many in a row. */
  readonly onAbuse: () => void
}

/**
 * Carries out the commands of one connection: limits and scope first, then the handler, then exactly one answer. While
 * the client does not take the answers, its next commands wait, and are then carried out one at a time.
 */
export class CommandRunner {
  private readonly order = new KeyedOrder()
  private readonly waiting = new Denque<ParsedCommand>()
  private underWay = 0
  private faultyInARow = 0
  private leaving: { readonly retryAfterMs: number; readonly onIdle: () => void } | undefined

  constructor(private readonly options: CommandRunnerOptions) {}

  /** Commands that await their answer. */
  get inFlight(): number {
    return this.underWay + this.waiting.length
  }

  /** A text frame came. */
  message(text: string, bytes: number): void {
    const { frameBytes } = this.options.dependencies.limits
    if (bytes > frameBytes) {
      this.refuse(undefined, new AppError('frame.too_large', `A frame may have ${frameBytes} bytes, not ${bytes}.`))
      return
    }
    const parsed = parseCommand(text)
    if (parsed.ok) this.admit(parsed)
    else this.refuse(parsed.id, new AppError(parsed.code, parsed.message), parsed.details)
  }

  binaryMessage(): void {
    this.refuse(undefined, new AppError('frame.not_text', 'Commands are JSON in text frames; this frame is binary.'))
  }

  /** Refuses every command from now on; `onIdle` is called once all those under way have been answered. */
  leave(retryAfterMs: number, onIdle: () => void): void {
    this.leaving = { retryAfterMs, onIdle }
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) this.sendDraining(next.id, retryAfterMs)
    if (this.underWay === 0) onIdle()
  }

  /** Goes on with commands that waited; to be called whenever everything has been sent. */
  resume(): void {
    while (this.underWay === 0 && !this.options.isCongested()) {
      const next = this.waiting.shift()
      if (!next) return
      this.dispatch(next)
    }
  }

  /** The connection is gone: what waits is not carried out. */
  end(): void {
    this.waiting.clear()
  }

  private admit(parsed: ParsedCommand): void {
    const { rate, dependencies, isCongested } = this.options
    const { inFlight } = dependencies.limits
    const { id, command } = parsed
    this.faultyInARow = 0
    if (this.leaving) {
      this.sendDraining(id, this.leaving.retryAfterMs)
      return
    }
    const waitMs = rate.take(command.cost, dependencies.clock.elapsed())
    if (waitMs > 0) {
      this.sendError(id, tooFast(waitMs))
    } else if (this.inFlight >= inFlight) {
      this.sendError(id, new AppError('limit.in_flight', `At most ${inFlight} commands may await their reply.`))
    } else if (isCongested() || !this.waiting.isEmpty()) {
      this.waiting.push(parsed)
    } else {
      this.dispatch(parsed)
    }
  }

  /** Runs the handler; with `fail`, the only place that catches what handlers throw. */
  private dispatch(parsed: ParsedCommand): void {
    const { command, id, key } = parsed
    const { name, scope, mutating } = command
    const { scopes } = this.options.principal()
    try {
      if (scope !== 'none' && !scopes.has(scope))
        throw new AppError('auth.forbidden', `${name} needs the scope ${scope}.`)
      const result = this.run(key !== undefined && mutating ? this.keyed(command, key) : command, parsed)
      if (result instanceof Promise) this.await(parsed, result)
      else this.succeed(command, id, result)
    } catch (error) {
      this.fail(parsed, error)
    }
  }

  private run({ entityKey, handle }: Command, { params, traceparent }: ParsedCommand): unknown {
    const context = traceparent === undefined ? this.options.context : { ...this.options.context, traceparent }
    if (entityKey === undefined) return handle(params, context)
    return this.order.run(entityOf(params, entityKey), () => handle(params, context))
  }

  /** The command as its key lets it run: once, and still in its turn among those about the same thing. */
  private keyed(command: Command, key: string): Command {
    const { name, handle } = command
    const { tenant, principal } = this.options
    const { subject } = principal()
    return {
      ...command,
      handle: (params, context) =>
        tenant.idempotency.run({ subject, key, name, params }, () => handle(params, context)),
    }
  }

  private async await(parsed: ParsedCommand, result: Promise<unknown>): Promise<void> {
    const { command, id } = parsed
    this.underWay++
    const startedMs = performance.now()
    try {
      this.succeed(command, id, await result)
    } catch (error) {
      this.fail(parsed, error)
    } finally {
      this.options.tenant.counters.took(command.name, performance.now() - startedMs)
      if (--this.underWay === 0) this.idle()
    }
  }

  private idle(): void {
    this.leaving?.onIdle()
    this.resume()
  }

  private succeed({ name, result: schema }: Command, id: CommandId | undefined, result: unknown): void {
    const { tenant, dependencies, answer, onReplied } = this.options
    if (dependencies.checkOutput) checkOutput(`result of ${name}`, schema, result)
    answer(replyFrame(id, result))
    tenant.counters.commands[name]++
    onReplied(result)
  }

  private fail({ command, id, traceparent }: ParsedCommand, error: unknown): void {
    const appError = toAppError(error)
    if (appError.code === 'server.internal') {
      const { dependencies, sessionId } = this.options
      const { name } = command
      dependencies.logger.error({ err: error, command: name, session: sessionId, traceparent }, 'command failed')
    }
    this.sendError(id, appError)
  }

  /** Answers a frame that is no valid command; only a long run of them is abuse. */
  private refuse(id: CommandId | undefined, fault: AppError, details?: readonly ErrorDetail[]): void {
    const { rate, dependencies, onAbuse } = this.options
    const waitMs = rate.take(FAULTY_COST, dependencies.clock.elapsed())
    if (waitMs > 0) this.sendError(id, tooFast(waitMs))
    else this.sendError(id, fault, details)
    if (++this.faultyInARow >= dependencies.limits.faultyFrames) onAbuse()
  }

  private sendDraining(id: CommandId | undefined, retryAfterMs: number): void {
    this.sendError(id, new AppError('server.draining', 'The server is shutting down.', { retryAfterMs }))
  }

  private sendError(id: CommandId | undefined, error: AppError, details?: readonly ErrorDetail[]): void {
    this.options.tenant.counters.errors[error.code]++
    this.options.answer(errorFrame(id, error, details))
  }
}

/** What a command is about. A key that is absent (it may be optional) is one thing like any other. */
function entityOf(params: object, key: EntityKey): string {
  return String((params as Record<string, unknown>)[key])
}
