import { LOCAL_PRINCIPAL, type Principal } from '../../identity/principal.js'
import { AppError } from '../../lib/app-error.js'
import { listOf, type RequestHead } from '../http/request.js'
import type { Tickets } from './tickets.js'

/** Subprotocol offered along with ours by clients that cannot send headers: `bearer.<token>`. */
const BEARER_PROTOCOL = 'bearer.'

/** Determines the principal of a request, synchronously. Throws `auth.*`. */
export interface Authenticator {
  /** False: every client is the local principal. */
  readonly enabled: boolean
  /**
   * The principal of a request: from `Authorization: Bearer` or, on the socket path, an offered subprotocol or a
   * ticket.
   */
  request(request: RequestHead, path: 'http' | 'socket'): Principal
  /** The principal of the token in `auth.refresh`. */
  token(token: string): Principal
}

/** Creates an authenticator. Without `verify`, authentication is off. */
export function createAuthenticator(
  verify: ((token: string) => Principal) | undefined,
  tickets: Tickets,
): Authenticator {
  if (!verify) {
    const token = () => {
      throw new AppError('auth.invalid', 'Authentication is off on this server; there is nothing to refresh.')
    }
    return { enabled: false, request: () => LOCAL_PRINCIPAL, token }
  }
  return {
    enabled: true,
    token: verify,
    request: ({ headers, query }, path) => {
      const token = bearerHeader(headers.get('authorization'))
      if (token !== undefined) return verify(token)
      if (path === 'socket') {
        const offered = bearerProtocol(headers.get('sec-websocket-protocol'))
        if (offered !== undefined) return verify(offered)
        const ticket = new URLSearchParams(query).get('ticket')
        if (ticket !== null) return tickets.redeem(ticket, headers.get('origin'))
      }
      throw new AppError(
        'auth.required',
        'Send a token as `Authorization: Bearer`, or see PROTOCOL.md, "Authentication".',
      )
    },
  }
}

function bearerHeader(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '')?.[1]
}

function bearerProtocol(header: string | undefined): string | undefined {
  return listOf(header)
    .find(name => name.startsWith(BEARER_PROTOCOL))
    ?.slice(BEARER_PROTOCOL.length)
}
