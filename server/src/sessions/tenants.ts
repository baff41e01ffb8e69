import type { Topic } from '@cuewire/protocol'
import type { Bus } from '../bus/bus.js'
import type { CommandTenant } from '../commands/tenant.js'
import type { Blobs } from '../storage/blobs.js'
import type { SessionCounters } from './counters.js'

/** What a session of a tenant works with. Nothing here can reach another tenant's, because all of it is bound to this one. */
export interface Tenant extends CommandTenant {
  readonly bus: Bus
  readonly blobs: Blobs
  /** What its sessions and commands did. */
  readonly counters: SessionCounters
  /** Whether a topic names something of this tenant. */
  topicExists(topic: Topic): Promise<boolean>
}

/** The tenants of this server. */
export interface Tenants {
  /** A tenant by its name; one without data is as good as any. */
  of(name: string): Tenant
  /** Those that were asked for since the start. */
  all(): readonly Tenant[]
}
