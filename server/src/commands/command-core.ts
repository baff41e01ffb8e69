import type { Logger } from 'pino'
import type { Principal } from '../identity/principal.js'
import { AppError, toAppError } from '../lib/app-error.js'
import type { Admin } from './admin.js'
import { checkOutput } from './check-output.js'
import type { Command } from './command-table.js'
import type { CallerConnection, CommandContext } from './handler.js'
import type { KeyedOrder } from './keyed-order.js'
import type { CommandTenant } from './tenant.js'

/** A known command with valid params. */
export interface CommandCall {
  readonly command: Command
  readonly params: object
  /** Idempotency key. */
  readonly key: string | undefined
  /** W3C trace context. */
  readonly traceparent: string | undefined
}

/** The sender of a command. */
export interface Caller {
  readonly principal: Principal
  readonly tenant: CommandTenant
  /** Runs commands about the same entity in order; undefined over HTTP, which has no order. */
  readonly order: KeyedOrder | undefined
  /** The session or request, for the log. */
  readonly origin: string
}

interface CommandCoreOptions {
  readonly info: CommandContext['info']
  readonly admin: Admin
  readonly logger: Pick<Logger, 'error'>
  /** Whether to check results against their schemas. */
  readonly checkOutput: boolean
}

/**
 * Runs commands from WebSocket and HTTP: authorises them, applies idempotency keys and order, calls the handler, and
 * counts. Before that, each entry point parses its input and takes the cost from the rate limits.
 */
export class CommandCore {
  constructor(private readonly options: CommandCoreOptions) {}

  /**
   * Runs a command and returns its result, synchronously if its handler is synchronous, otherwise as a promise. Throws,
   * or rejects with, only AppErrors. Commands that need the socket must be given their `connection`.
   */
  execute(call: CommandCall, caller: Caller, connection?: CallerConnection): unknown {
    try {
      authorise(call.command, caller)
      const result = this.inTurn(call, caller, connection)
      if (result instanceof Promise) return this.settle(call, caller, result)
      return this.succeed(call, caller, result)
    } catch (error) {
      throw this.fail(call, caller, error)
    }
  }

  private inTurn(call: CommandCall, caller: Caller, connection: CallerConnection | undefined): unknown {
    const { entityKey } = call.command
    if (entityKey === undefined || !caller.order) return this.once(call, caller, connection)
    // A missing optional key counts as one entity.
    const entity = String((call.params as Readonly<Record<string, unknown>>)[entityKey])
    return caller.order.run(entity, () => this.once(call, caller, connection))
  }

  private once(call: CommandCall, caller: Caller, connection: CallerConnection | undefined): unknown {
    const { command, key, params } = call
    if (key === undefined || !command.mutating) return this.handle(call, caller, connection)
    const { subject } = caller.principal
    return caller.tenant.idempotency.run({ subject, key, name: command.name, params }, () =>
      this.handle(call, caller, connection),
    )
  }

  private handle(
    { command, params, traceparent }: CommandCall,
    { principal, tenant }: Caller,
    connection: CallerConnection | undefined,
  ): unknown {
    const { info, admin } = this.options
    const context = { info, admin, tenant: tenant.name, services: tenant.services, principal, traceparent }
    return command.handle(params, context, connection)
  }

  private async settle(call: CommandCall, caller: Caller, result: Promise<unknown>): Promise<unknown> {
    const startedMs = performance.now()
    try {
      return this.succeed(call, caller, await result)
    } catch (error) {
      throw this.fail(call, caller, error)
    } finally {
      caller.tenant.counters.recordLatency(call.command.name, performance.now() - startedMs)
    }
  }

  private succeed({ command }: CommandCall, { tenant }: Caller, result: unknown): unknown {
    if (this.options.checkOutput) checkOutput(`result of ${command.name}`, command.result, result)
    tenant.counters.commands[command.name]++
    return result
  }

  private fail({ command, traceparent }: CommandCall, { tenant, origin }: Caller, error: unknown): AppError {
    const appError = toAppError(error)
    tenant.counters.errors[appError.code]++
    if (appError.code === 'server.internal') {
      const { logger } = this.options
      logger.error({ err: error, command: command.name, origin, traceparent }, 'command failed')
    }
    return appError
  }
}

function authorise({ name, scope }: Command, { principal }: Caller): void {
  if (scope === 'none' || principal.scopes.has(scope)) return
  throw new AppError('auth.forbidden', `${name} needs a token with the scope ${scope}.`)
}
