import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type CommandName, LIMITS } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { AppError, errorOf, toAppError } from '../lib/app-error.js'
import { errorShape } from '../lib/error-shape.js'
import type { Upkeep } from '../storage/server-store.js'
import type { Outcome, Store } from '../storage/store.js'

/** Outcomes dropped per step: a few milliseconds of work. */
const EXPIRED_ROWS = 200

/** A mutating command that carries a key. */
export interface KeyedCommand {
  readonly subject: string
  readonly key: string
  readonly name: CommandName
  readonly params: object
}

interface IdempotencyOptions {
  readonly store: Pick<Store, 'outcomes'>
  readonly logger: Pick<Logger, 'error'>
  /** Milliseconds since 1970, unaffected by changes of the wall clock; see `steadyTime`. */
  readonly clock: () => number
  /** Most outcomes, and bytes of outcomes, kept per subject. @default 10,000 and 8 MiB */
  readonly keep?: { readonly count: number; readonly bytes: number }
}

interface UnderWay {
  readonly fingerprint: string
  readonly result: Promise<unknown>
}

/**
 * Runs each command of a tenant once per key of a subject, on any connection. An outcome is stored before the caller
 * gets it. Only this process knows which commands are running.
 */
export class Idempotency {
  private readonly underWay = new Map<string, UnderWay>()
  private readonly options: Required<IdempotencyOptions>

  constructor(options: IdempotencyOptions) {
    this.options = { keep: { count: 10_000, bytes: 8 * 1024 * 1024 }, ...options }
  }

  /**
   * Runs the command, or returns the outcome of the first one with this key, waiting for it if it is still running.
   * Rejects with `idempotency.mismatch` if the first one was different. Retryable failures are not kept.
   */
  run(command: KeyedCommand, work: () => unknown): Promise<unknown> {
    const name = JSON.stringify([command.subject, command.key])
    const fingerprint = fingerprintOf(command)
    const first = this.underWay.get(name)
    if (first) return first.fingerprint === fingerprint ? first.result : Promise.reject(mismatch(command.key))
    const result = this.once(command, fingerprint, work).finally(() => this.underWay.delete(name))
    this.underWay.set(name, { fingerprint, result })
    return result
  }

  /** Waits until running commands have ended and their outcomes are stored. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.underWay.values()].map(({ result }) => result))
  }

  private async once(command: KeyedCommand, fingerprint: string, work: () => unknown): Promise<unknown> {
    const { store, clock } = this.options
    const { subject, key } = command
    const kept = await store.outcomes.get(subject, key)
    if (kept && kept.createdAtMs > clock() - LIMITS.idempotencyMs) {
      if (kept.fingerprint !== fingerprint) throw mismatch(key)
      return repeat(kept.outcome)
    }
    try {
      const result = await work()
      await this.keep(command, fingerprint, { result })
      return result
    } catch (error) {
      const shape = errorShape(toAppError(error))
      if (!shape.retryable) await this.keep(command, fingerprint, { error: shape })
      throw error
    }
  }

  /** If this fails, the command has still been carried out, so its caller gets the result. */
  private async keep({ subject, key, name }: KeyedCommand, fingerprint: string, outcome: Outcome): Promise<void> {
    const { store, logger, clock, keep } = this.options
    try {
      await store.outcomes.put({ subject, key, fingerprint, outcome, createdAtMs: clock() }, keep)
    } catch (error) {
      logger.error({ err: error, command: name }, 'the outcome of a command is not kept: sent again, it runs again')
    }
  }
}

/** Drops expired outcomes of all tenants, in steps that let other work run. */
export async function expireOutcomes(upkeep: Pick<Upkeep, 'expireOutcomes'>, nowMs: number): Promise<void> {
  const untilMs = nowMs - LIMITS.idempotencyMs
  while ((await upkeep.expireOutcomes(untilMs, EXPIRED_ROWS)) === EXPIRED_ROWS) await setImmediate()
}

/** Returns or throws the outcome as the command itself did. */
function repeat(outcome: Outcome): unknown {
  if ('result' in outcome) return outcome.result
  throw errorOf(outcome.error)
}

function mismatch(key: string): AppError {
  return new AppError(
    'idempotency.mismatch',
    `The key ${JSON.stringify(key)} was used for another command or other data; use a new key.`,
  )
}

function fingerprintOf({ name, params }: KeyedCommand): string {
  return createHash('sha256')
    .update(`${name} ${JSON.stringify(params, sortKeys)}`)
    .digest('base64')
}

/** Sorted, so that the order of keys does not matter. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
