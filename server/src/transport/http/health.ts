import type { Readiness } from '../../observability/health.js'
import type { Route } from './router.js'

/** `/healthz`: 200 while the process answers. `/readyz`: the state of each part; 503 if one does not work. */
export function healthRoutes(readiness: () => Promise<Readiness>): Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      scope: 'public',
      unlimited: true,
      handle: exchange => exchange.reply(200, { 'content-type': 'application/json' }, '{"status":"alive"}'),
    },
    {
      method: 'GET',
      path: '/readyz',
      scope: 'public',
      unlimited: true,
      handle: async exchange => {
        const state = await readiness()
        exchange.reply(state.ready ? 200 : 503, { 'content-type': 'application/json' }, JSON.stringify(state))
      },
    },
  ]
}
