import type { Topic } from '@cuewire/protocol'
import type { Bus } from '../bus/bus.js'
import type { VideoFiles } from '../domain/library/files.js'
import type { Services } from './context.js'
import type { SessionCounters } from './counters.js'
import type { Idempotency } from './idempotency.js'

/**
 * Everything that belongs to one tenant: its own database, files, queue and topics. Nothing here can reach another
 * tenant's, because none of it knows that there are any.
 */
export interface Tenant {
  readonly name: string
  readonly services: Services
  readonly bus: Bus
  readonly files: VideoFiles
  /** What its sessions did. */
  readonly counters: SessionCounters
  readonly idempotency: Idempotency
  /** Whether a topic names something of this tenant. */
  topicExists(topic: Topic): Promise<boolean>
}

/** The tenants of this server. */
export interface Tenants {
  /** The tenant if it is open already. */
  opened(name: string): Tenant | undefined
  /** Opens the tenant, which takes some milliseconds the first time. */
  open(name: string): Promise<Tenant>
  all(): readonly Tenant[]
  /** How many have data that could not be opened the last time. */
  failed(): number
}
