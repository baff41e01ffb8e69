import type { Registry } from 'prom-client'
import type { Route } from './router.js'

/** `/metrics` in the Prometheus text format. */
export function metricsRoute(registry: Registry): Route {
  return {
    method: 'GET',
    path: '/metrics',
    scope: 'admin',
    handle: async exchange => exchange.reply(200, { 'content-type': registry.contentType }, await registry.metrics()),
  }
}
