import { LOCAL_PRINCIPAL, type Principal } from '../../identity/principal.js'
import { AppError } from '../../lib/app-error.js'
import { listOf, type RequestHead } from '../http/request.js'
import type { Tickets } from './tickets.js'

/** Offered beside the subprotocol by clients that can send no header: `bearer.<token>`. */
const BEARER_PROTOCOL = 'bearer.'

/** Says whom a request comes from, without waiting for anything. Throws `auth.*`. */
export interface Authenticator {
  /** False: everyone is the local principal. */
  readonly enabled: boolean
  /** From `Authorization: Bearer` or, on the socket path, an offered subprotocol or a ticket. */
  request(request: RequestHead, path: 'http' | 'socket'): Principal
  /** From the token of `auth.refresh`. */
  token(token: string): Principal
}

/** Authentication is off where there is no key to check a token with. */
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
