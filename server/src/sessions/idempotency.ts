import { createHash } from 'node:crypto'
import { type CommandName, ERROR_CODES, LIMITS } from '@cuewire/protocol'
import { AppError, toAppError } from '../lib/app-error.js'
import type { Principal } from './principal.js'

/** Keys remembered at once; the oldest goes first. */
const MAX_KEYS = 10_000

/** A mutating command that carries a key. */
export interface KeyedCommand {
  readonly principal: Principal
  readonly key: string
  readonly name: CommandName
  readonly params: object
}

interface Entry {
  /** Hash of command and params, which themselves may be large. */
  readonly fingerprint: string
  readonly startedAtMs: number
  readonly outcome: Promise<unknown>
  settled: boolean
}

/**
 * Runs commands once for each idempotency key of a principal, on whatever connection they come. Kept in memory only,
 * so a restart forgets every key.
 */
export class Idempotency {
  /** In the order the commands began. */
  private readonly entries = new Map<string, Entry>()

  constructor(private readonly now: () => number = Date.now) {}

  get size(): number {
    return this.entries.size
  }

  /**
   * Runs the command, or gives what the first of its key came to, waiting for it if need be. Rejects with
   * `idempotency.mismatch` when that was another command. A failure that may pass is not kept.
   */
  run(command: KeyedCommand, work: () => unknown): Promise<unknown> {
    this.trim()
    const { tenant, subject } = command.principal
    const name = JSON.stringify([tenant, subject, command.key])
    const fingerprint = fingerprintOf(command)
    const first = this.entries.get(name)
    if (first) return first.fingerprint === fingerprint ? first.outcome : Promise.reject(mismatch(command.key))
    // Runs the work at once; what it throws rejects.
    const outcome = new Promise<unknown>(resolve => resolve(work()))
    const entry: Entry = { fingerprint, startedAtMs: this.now(), outcome, settled: false }
    this.entries.set(name, entry)
    this.trim()
    outcome.then(
      () => {
        entry.settled = true
      },
      (error: unknown) => {
        entry.settled = true
        if (ERROR_CODES[toAppError(error).code].retryable) this.entries.delete(name)
      },
    )
    return outcome
  }

  /** Drops what is too old or too many; a command under way is kept, since a second one would run beside it. */
  private trim(): void {
    const oldestMs = this.now() - LIMITS.idempotencyMs
    for (const [name, { startedAtMs, settled }] of this.entries) {
      if (startedAtMs > oldestMs && this.entries.size <= MAX_KEYS) return
      if (settled) this.entries.delete(name)
    }
  }
}

function mismatch(key: string): AppError {
  return new AppError(
    'idempotency.mismatch',
    `The key ${JSON.stringify(key)} was used for another command or other data; take a new key.`,
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
