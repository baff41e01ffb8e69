import type { Topic } from '@cuewire/protocol'
import type { Bus } from '../bus/bus.js'
import type { CommandTenant } from '../commands/tenant.js'
import type { Blobs } from '../storage/blobs.js'
import type { SessionCounters } from './counters.js'

/** Everything a session may use. All of it is bound to one tenant, so nothing here can reach another tenant's data. */
export interface Tenant extends CommandTenant {
  readonly bus: Bus
  readonly blobs: Blobs
  /** Counters of its sessions and commands. */
  readonly counters: SessionCounters
  /** Whether a topic exists in this tenant. */
  topicExists(topic: Topic): Promise<boolean>
}

/** The tenants of this server. */
export interface Tenants {
  /** The tenant with this name. It need not have any data. */
  of(name: string): Tenant
  /** All tenants used since the start. */
  all(): readonly Tenant[]
}
