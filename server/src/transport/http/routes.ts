import type { Registry } from 'prom-client'
import type { Stills } from '../../domain/library/stills.js'
import type { Readiness } from '../../observability/health.js'
import type { Tenants } from '../../sessions/tenants.js'
import type { Tickets } from '../auth/tickets.js'
import { ticketsRoute } from '../auth/tickets-route.js'
import type { HttpCommands } from './commands/http-commands.js'
import { commandRoute } from './commands/route.js'
import { documentRoutes } from './documents.js'
import { healthRoutes } from './health.js'
import { homeRoute } from './home.js'
import { mediaRoutes } from './media.js'
import { metricsRoute } from './metrics.js'
import type { Route } from './router.js'
import { uploadRoutes } from './uploads/routes.js'

/** Dependencies of the routes. */
export interface RouteParts {
  readonly tickets: Tickets
  readonly commands: HttpCommands
  readonly tenants: Tenants
  readonly stills: Stills
  readonly readiness: () => Promise<Readiness>
  readonly metrics: Registry
  readonly uploadBytes: number
  /** Whether this port speaks TLS. */
  readonly tls: boolean
  /** Whether authentication is on. */
  readonly needsToken: boolean
}

/** Every HTTP route of this server. */
export function createRoutes(parts: RouteParts): Route[] {
  const { tickets, commands, tenants, stills, readiness, metrics, uploadBytes, tls, needsToken } = parts
  return [
    homeRoute({ tls, needsToken }),
    ticketsRoute(tickets),
    commandRoute(commands),
    ...uploadRoutes({ tenants, maxBytes: uploadBytes }),
    ...mediaRoutes({ tenants, stills }),
    ...healthRoutes(readiness),
    ...documentRoutes(),
    metricsRoute(metrics),
  ]
}
