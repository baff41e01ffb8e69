import type { CommandCall, CommandCore } from '../../../commands/command-core.js'
import { InFlight } from '../../../commands/in-flight.js'
import { resultJson } from '../../../commands/result-json.js'
import type { CommandTenant } from '../../../commands/tenant.js'
import { type Principal, principalKey } from '../../../identity/principal.js'
import { type RateLimits, tooFast } from '../../../identity/rate-limits.js'
import { AppError, errorOf, toAppError } from '../../../lib/app-error.js'
import type { Clock } from '../../../lib/clock.js'
import type { Tenants } from '../../../sessions/tenants.js'
import { errorReply } from '../error-reply.js'
import type { Exchange } from '../exchange.js'
import { readCall } from './read-call.js'

/** `retryAfterMs` of refusals while the server shuts down. */
const DRAINING_RETRY_MS = 2000

interface HttpCommandsOptions {
  readonly core: CommandCore
  readonly tenants: Pick<Tenants, 'of'>
  readonly rateLimits: RateLimits
  readonly clock: Clock
  readonly limits: {
    /** Largest body, as for frames. */
    readonly frameBytes: number
    /** Most commands of one principal in flight. */
    readonly inFlight: number
  }
}

/** Runs commands sent over HTTP: each request is one command, and its response the answer. */
export class HttpCommands {
  private readonly inFlight: InFlight
  private draining = false

  constructor(private readonly options: HttpCommandsOptions) {
    this.inFlight = new InFlight(options.limits.inFlight)
  }

  async handle(exchange: Exchange, name: string, principal: Principal): Promise<void> {
    if (this.draining) {
      throw new AppError('server.draining', 'The server is shutting down.', { retryAfterMs: DRAINING_RETRY_MS })
    }
    const { core, limits, tenants } = this.options
    const tenant = tenants.of(principal.tenant)
    const caller = { principal, tenant, order: undefined, origin: `POST ${exchange.request.path}` }
    let entered = false
    try {
      const call = await readCall(exchange, name, limits.frameBytes)
      this.charge(call, exchange, principal)
      const result = await this.inFlight.run(principalKey(principal), () => {
        entered = true
        return core.execute(call, caller)
      })
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      exchange.reply(200, headers, await resultJson(call.command, result as object))
    } catch (error) {
      if (exchange.signal.aborted) return
      // Errors of the core are already counted and logged.
      if (!entered) throw this.refused(tenant, error)
      const { status, headers, body } = errorReply(toAppError(error))
      exchange.reply(status, headers, body)
    }
  }

  /** Refuses further commands. Resolves when the running ones have been answered, or when the signal aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    this.draining = true
    await this.inFlight.idle(signal)
  }

  /** Charges the cost of a command, minus the one token that every request costs. Throws `limit.rate`. */
  private charge({ command }: CommandCall, { remoteAddress }: Exchange, principal: Principal): void {
    const { rateLimits, clock } = this.options
    const waitMs = rateLimits.request({ principal, address: remoteAddress, cost: command.cost - 1 }, clock.elapsed())
    if (waitMs > 0) throw errorOf(tooFast(waitMs))
  }

  private refused(tenant: CommandTenant, error: unknown): AppError {
    const appError = toAppError(error)
    tenant.counters.errors[appError.code]++
    return appError
  }
}
