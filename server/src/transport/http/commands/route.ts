import type { Route } from '../router.js'
import type { HttpCommands } from './http-commands.js'

/** `POST /v1/commands/<name>`: any command that does not need the socket. */
export function commandRoute(commands: HttpCommands): Route {
  return {
    method: 'POST',
    path: '/v1/commands/:name',
    // Each command has its own scope.
    scope: 'none',
    handle: (exchange, { name = '' }, principal) => commands.handle(exchange, name, principal),
  }
}
