import type { CommandCounters } from './command-counters.js'
import type { Services } from './handler.js'
import type { Idempotency } from './idempotency.js'

/** What commands need from their tenant. */
export interface CommandTenant {
  readonly name: string
  readonly services: Services
  readonly counters: CommandCounters
  readonly idempotency: Idempotency
}
