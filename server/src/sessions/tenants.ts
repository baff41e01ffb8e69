import type { Topic } from '@cuewire/protocol'
import type { Bus } from '../bus/bus.js'
import type { VideoFiles } from '../domain/library/files.js'
import type { Services } from './context.js'
import type { SessionCounters } from './counters.js'
import type { Idempotency } from './idempotency.js'

/** What a session of a tenant works with. Nothing here can reach another tenant's, because all of it is bound to this one. */
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
  /** A tenant by its name; one without data is as good as any. */
  of(name: string): Tenant
  /** Those that were asked for since the start. */
  all(): readonly Tenant[]
}
