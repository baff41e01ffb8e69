import type { Topic } from '@cuewire/protocol'
import type { Bus } from '../bus/bus.js'
import type { CommandTenant } from '../commands/tenant.js'
import type { VideoFiles } from '../domain/library/files.js'
import type { SessionCounters } from './counters.js'

/**
 * Everything that belongs to one tenant: its own database, files, queue and topics. Nothing here can reach another
 * tenant's, because none of it knows that there are any.
 */
export interface Tenant extends CommandTenant {
  readonly bus: Bus
  readonly files: VideoFiles
  /** What its sessions and commands did. */
  readonly counters: SessionCounters
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
