import type { Registry } from 'prom-client'
import { DEFAULT_TENANT } from '../../identity/principal.js'
import { AppError } from '../../lib/app-error.js'
import type { Route } from './router.js'

/** `/metrics` in the Prometheus text format. It covers all tenants, so it is for operators only. */
export function metricsRoute(registry: Registry): Route {
  return {
    method: 'GET',
    path: '/metrics',
    scope: 'admin',
    handle: async (exchange, _params, { tenant }) => {
      if (tenant !== DEFAULT_TENANT) {
        throw new AppError('auth.forbidden', `Only an admin of the tenant ${DEFAULT_TENANT} sees the whole server.`)
      }
      exchange.reply(200, { 'content-type': registry.contentType }, await registry.metrics())
    },
  }
}
