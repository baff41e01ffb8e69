import type { CommandId } from '@cuewire/protocol'
import Denque from 'denque'
import type { Caller, CommandCore } from '../commands/command-core.js'
import { KeyedOrder } from '../commands/keyed-order.js'
import { resultJson } from '../commands/result-json.js'
import type { Principal } from '../identity/principal.js'
import { type ConnectionRate, tooFast } from '../identity/rate-limits.js'
import { toAppError } from '../lib/app-error.js'
import type { Clock } from '../lib/clock.js'
import type { Fault } from '../lib/error-shape.js'
import { toJson } from '../lib/to-json.js'
import { errorFrame, replyFrame } from './frames.js'
import { type FrameCall, parseFrame } from './parse-frame.js'
import type { SocketCall } from './socket-call.js'
import type { Tenant } from './tenants.js'

/** Cost of an invalid frame. */
const FAULTY_COST = 1

interface CommandRunnerOptions {
  readonly sessionId: string
  readonly principal: () => Principal
  readonly tenant: Tenant
  readonly rate: ConnectionRate
  readonly core: CommandCore
  readonly clock: Clock
  readonly limits: {
    readonly frameBytes: number
    readonly inFlight: number
    /** Consecutive invalid frames that count as abuse. */
    readonly faultyFrames: number
  }
  /** The connection, for commands that act on it. */
  readonly socketCall: () => SocketCall
  /** Whether so much is queued for sending that further commands must wait. */
  readonly isCongested: () => boolean
  /** Sends the answer to a frame. */
  readonly answer: (frame: string) => void
  /** Called for each invalid frame from the limit on. */
  readonly onAbuse: () => void
}

/**
 * Runs the commands of one connection: exactly one answer per frame. While the client does not read its answers, its
 * next commands wait; they then run one at a time.
 */
export class CommandRunner {
  private readonly order = new KeyedOrder()
  private readonly waiting = new Denque<FrameCall>()
  private caller: Caller
  private underWay = 0
  private faultyInARow = 0
  private leaving: { readonly retryAfterMs: number; readonly onIdle: () => void } | undefined

  constructor(private readonly options: CommandRunnerOptions) {
    this.caller = this.callerOf(options.principal())
  }

  /** Commands without an answer yet. */
  get inFlight(): number {
    return this.underWay + this.waiting.length
  }

  /** Handles a text frame. */
  message(text: string, bytes: number): void {
    const { frameBytes } = this.options.limits
    if (bytes > frameBytes) {
      const message = `The frame has ${bytes} bytes, more than the limit of ${frameBytes}; send less at once.`
      this.refuseFaulty(undefined, { code: 'frame.too_large', message })
      return
    }
    const parsed = parseFrame(text)
    if (parsed.fault) this.refuseFaulty(parsed.id, parsed.fault)
    else this.admit(parsed)
  }

  binaryMessage(): void {
    const message = 'Commands are JSON in text frames; this frame is binary.'
    this.refuseFaulty(undefined, { code: 'frame.not_text', message })
  }

  /** Refuses all further commands. `onIdle` is called once the running ones have been answered. */
  leave(retryAfterMs: number, onIdle: () => void): void {
    this.leaving = { retryAfterMs, onIdle }
    for (let next = this.waiting.shift(); next; next = this.waiting.shift())
      this.refuse(next.id, draining(retryAfterMs))
    if (this.underWay === 0) onIdle()
  }

  /** Runs waiting commands. Call it whenever everything has been sent. */
  resume(): void {
    while (this.underWay === 0 && !this.options.isCongested()) {
      const next = this.waiting.shift()
      if (!next) return
      this.dispatch(next)
    }
  }

  /** The connection is gone: drops waiting commands. */
  end(): void {
    this.waiting.clear()
  }

  private admit(call: FrameCall): void {
    const { rate, clock, limits, isCongested } = this.options
    this.faultyInARow = 0
    if (this.leaving) {
      this.refuse(call.id, draining(this.leaving.retryAfterMs))
      return
    }
    const waitMs = rate.take(call.command.cost, clock.elapsed())
    if (waitMs > 0) {
      this.refuse(call.id, tooFast(waitMs))
    } else if (this.inFlight >= limits.inFlight) {
      const message = `${limits.inFlight} commands are already waiting for their reply, which is the limit; wait for one of them.`
      this.refuse(call.id, { code: 'limit.in_flight', message })
    } else if (isCongested() || !this.waiting.isEmpty()) {
      this.waiting.push(call)
    } else {
      this.dispatch(call)
    }
  }

  private dispatch(call: FrameCall): void {
    const { core, principal, socketCall } = this.options
    // `auth.refresh` replaces the principal.
    if (principal() !== this.caller.principal) this.caller = this.callerOf(principal())
    const connection = call.command.needs === 'socket' ? socketCall() : undefined
    try {
      const result = core.execute(call, this.caller, connection)
      if (result instanceof Promise) void this.settle(call, result, connection)
      else this.reply(call, toJson(result as object), connection)
    } catch (error) {
      this.sendError(call.id, toAppError(error))
    }
  }

  private async settle(call: FrameCall, result: Promise<unknown>, connection: SocketCall | undefined): Promise<void> {
    this.underWay++
    try {
      this.reply(call, await resultJson(call.command, (await result) as object), connection)
    } catch (error) {
      this.sendError(call.id, toAppError(error))
    }
    if (--this.underWay > 0) return
    this.leaving?.onIdle()
    this.resume()
  }

  private reply({ id }: FrameCall, json: string, connection: SocketCall | undefined): void {
    this.options.answer(replyFrame(id, json))
    connection?.replied()
  }

  /** Answers an invalid frame. Only many in a row are abuse. */
  private refuseFaulty(id: CommandId | undefined, fault: Fault): void {
    const { rate, clock, limits, onAbuse } = this.options
    const waitMs = rate.take(FAULTY_COST, clock.elapsed())
    this.refuse(id, waitMs > 0 ? tooFast(waitMs) : fault)
    if (++this.faultyInARow >= limits.faultyFrames) onAbuse()
  }

  /** Refuses a frame before it reaches the core, which counts its own errors. */
  private refuse(id: CommandId | undefined, fault: Fault): void {
    this.options.tenant.counters.errors[fault.code]++
    this.sendError(id, fault)
  }

  private sendError(id: CommandId | undefined, fault: Fault): void {
    this.options.answer(errorFrame(id, fault))
  }

  private callerOf(principal: Principal): Caller {
    const { tenant, sessionId } = this.options
    return { principal, tenant, order: this.order, origin: `session ${sessionId}` }
  }
}

function draining(retryAfterMs: number): Fault {
  return { code: 'server.draining', message: 'The server is shutting down.', retryAfterMs }
}
