import { SOCKET_PATH, SUBPROTOCOL } from '@cuewire/protocol'
import type { Principal } from '../identity/principal.js'
import { AppError, toAppError } from '../lib/app-error.js'
import type { Authenticator } from './auth/authenticator.js'
import type { ConnectionLimits } from './connection-limits.js'
import type { Headers } from './http/channel.js'
import { listOf, type RequestHead } from './http/request.js'
import { type AccessPolicy, checkHost, checkOrigin } from './origin.js'

/** The only WebSocket version in RFC 6455. */
const WEBSOCKET_VERSION = '13'

/** Headers required in a 426 (RFC 9110, 15.5.22). */
const UPGRADE = { upgrade: 'websocket', connection: 'upgrade' } as const

/** Everything besides the request that decides on a handshake. */
export interface UpgradeState {
  readonly policy: AccessPolicy
  readonly authenticator: Authenticator
  readonly draining: boolean
  readonly remoteAddress: string
  readonly connectionLimits: ConnectionLimits
}

/** A refusal, sent as an HTTP response with these headers. */
export interface UpgradeRefusal {
  readonly accept: false
  readonly error: AppError
  readonly headers: Headers
}

/** Accepted with our only subprotocol, or refused. */
export type UpgradeVerdict = { readonly accept: true; readonly principal: Principal } | UpgradeRefusal

export function refuse(error: AppError, headers: Headers = {}): UpgradeRefusal {
  return { accept: false, error, headers }
}

/** Whether a request has both headers of a WebSocket handshake (RFC 6455, 4.1). */
export function asksForWebSocket(headers: RequestHead['headers']): boolean {
  const isUpgrade = listOf(headers.get('connection')).some(option => option.toLowerCase() === 'upgrade')
  return isUpgrade && headers.get('upgrade')?.toLowerCase() === 'websocket'
}

/** Decides on a request to the socket path, synchronously and from copied data only. */
export function judgeUpgrade(request: RequestHead, state: UpgradeState): UpgradeVerdict {
  try {
    return judge(request, state)
  } catch (error) {
    return refuse(toAppError(error))
  }
}

function judge(request: RequestHead, state: UpgradeState): UpgradeVerdict {
  const { method, headers } = request
  const { policy, authenticator, connectionLimits, remoteAddress, draining } = state
  const host = headers.get('host')
  checkHost(host, policy)
  if (!asksForWebSocket(headers)) {
    return refuse(
      new AppError(
        'http.upgrade_required',
        `${SOCKET_PATH} accepts WebSocket handshakes only; connect with a WebSocket client.`,
      ),
      UPGRADE,
    )
  }
  if (method !== 'GET') {
    return refuse(new AppError('http.method_not_allowed', 'A WebSocket handshake must be a GET.'), { allow: 'GET' })
  }
  const key = headers.get('sec-websocket-key') ?? ''
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key)) {
    throw new AppError('http.upgrade_invalid', 'Sec-WebSocket-Key must be 16 bytes in base64.')
  }
  if (headers.get('sec-websocket-version') !== WEBSOCKET_VERSION) {
    return refuse(new AppError('http.upgrade_required', `Sec-WebSocket-Version must be ${WEBSOCKET_VERSION}.`), {
      ...UPGRADE,
      'sec-websocket-version': WEBSOCKET_VERSION,
    })
  }
  checkOrigin(headers.get('origin'), host, policy)
  if (!listOf(headers.get('sec-websocket-protocol')).includes(SUBPROTOCOL)) {
    throw new AppError('http.subprotocol', `The client must offer the subprotocol ${SUBPROTOCOL}.`)
  }
  if (draining) throw new AppError('server.draining', 'The server is shutting down.', { retryAfterMs: 2000 })
  connectionLimits.checkAddress(remoteAddress)
  // Last, so that a handshake refused for another reason does not use up its ticket.
  const principal = authenticator.request(request, 'socket')
  // Without authentication all clients are the same subject.
  if (authenticator.enabled) connectionLimits.checkSubject(principal)
  return { accept: true, principal }
}
