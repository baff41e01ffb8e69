import type { Logger } from 'pino'
import type { Bus } from './bus/bus.js'
import { VideoFiles } from './domain/library/files.js'
import { remembered } from './lib/remembered.js'
import type { Parts } from './parts.js'
import type { Store } from './storage/store.js'

/** The ports of the server, bound to a tenant. */
export interface TenantPorts {
  readonly store: Store
  readonly files: VideoFiles
  readonly bus: Bus
  readonly logger: Logger
}

/** Binds the ports to each tenant the first time it is asked for. */
export function tenantPorts({ config, store, streams, logger }: Parts): (tenant: string) => TenantPorts {
  const bound = new Map<string, TenantPorts>()
  return tenant =>
    remembered(bound, tenant, () => ({
      store: store.for(tenant),
      files: new VideoFiles(config.dataDir, tenant),
      bus: streams.for(tenant),
      logger: logger.child({ tenant }),
    }))
}
