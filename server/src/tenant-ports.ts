import type { Logger } from 'pino'
import type { Bus } from './bus/bus.js'
import { remembered } from './lib/remembered.js'
import type { Parts } from './parts.js'
import type { Blobs } from './storage/blobs.js'
import type { Store } from './storage/store.js'

/** The ports of the server, bound to a tenant. */
export interface TenantPorts {
  readonly store: Store
  readonly blobs: Blobs
  readonly bus: Bus
  readonly logger: Logger
}

/** Binds the ports to each tenant the first time it is asked for. */
export function tenantPorts({
  store,
  blobs,
  streams,
  logger,
}: Pick<Parts, 'store' | 'blobs' | 'streams' | 'logger'>): (tenant: string) => TenantPorts {
  const bound = new Map<string, TenantPorts>()
  return tenant =>
    remembered(bound, tenant, () => ({
      store: store.for(tenant),
      blobs: blobs.for(tenant),
      bus: streams.for(tenant),
      logger: logger.child({ tenant }),
    }))
}
