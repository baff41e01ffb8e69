import type { Route } from '../http/router.js'
import type { Tickets } from './tickets.js'

/** `POST /v1/tickets`: a single-use ticket for one WebSocket handshake of the same page. */
export function ticketsRoute(tickets: Tickets): Route {
  return {
    method: 'POST',
    path: '/v1/tickets',
    scope: 'none',
    handle: (exchange, _params, principal) => {
      const issued = tickets.issue(principal, exchange.header('origin'))
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      exchange.reply(201, headers, JSON.stringify(issued))
    },
  }
}
