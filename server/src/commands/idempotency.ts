import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type CommandName, LIMITS } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { AppError, errorOf, toAppError } from '../lib/app-error.js'
import { errorShape } from '../lib/error-shape.js'
import type { Upkeep } from '../storage/server-store.js'
import type { Outcome, Store } from '../storage/store.js'

/** Outcomes that are dropped in one go: a few milliseconds of work. */
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
  /** Milliseconds since 1970, not moved by changes of the wall clock: see `steadyTime`. */
  readonly clock: () => number
  /** What is kept of each subject: that many outcomes, and that many bytes of them. @default 10,000 and 8 MiB */
  readonly keep?: { readonly count: number; readonly bytes: number }
}

interface UnderWay {
  readonly fingerprint: string
  readonly result: Promise<unknown>
}

/**
 * Runs the commands of one tenant once for each key of a subject, on whatever connection they come. What they came to
 * is in the store before the caller knows it; which are under way is known to this process only.
 */
export class Idempotency {
  private readonly underWay = new Map<string, UnderWay>()
  private readonly options: Required<IdempotencyOptions>

  constructor(options: IdempotencyOptions) {
    this.options = { keep: { count: 10_000, bytes: 8 * 1024 * 1024 }, ...options }
  }

  /**
   * Runs the command, or gives what the first of its key came to, waiting for it if need be. Rejects with
   * `idempotency.mismatch` when that was another command. A failure that may pass is not kept.
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

  /** Waits until the commands under way have ended and are kept. */
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

  /** Where this fails the command has still done its work, so its caller is told that. */
  private async keep({ subject, key, name }: KeyedCommand, fingerprint: string, outcome: Outcome): Promise<void> {
    const { store, logger, clock, keep } = this.options
    try {
      await store.outcomes.put({ subject, key, fingerprint, outcome, createdAtMs: clock() }, keep)
    } catch (error) {
      logger.error({ err: error, command: name }, 'the outcome of a command is not kept: sent again, it runs again')
    }
  }
}

/** Drops what is too old, of all tenants, in steps between which other work gets its turn. */
export async function expireOutcomes(upkeep: Pick<Upkeep, 'expireOutcomes'>, nowMs: number): Promise<void> {
  const untilMs = nowMs - LIMITS.idempotencyMs
  while ((await upkeep.expireOutcomes(untilMs, EXPIRED_ROWS)) === EXPIRED_ROWS) await setImmediate()
}

/** Gives the outcome as the command itself did. */
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

/** The same data in another order of keys is the same data. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
