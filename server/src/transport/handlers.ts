import type { ErrorCode } from '@cuewire/protocol'
import { SOCKET_PATH } from '@cuewire/protocol'
import type { Logger } from 'pino'
import type { SessionRegistry } from '../sessions/registry.js'
import type { Authenticator } from './auth/authenticator.js'
import type { ConnectionLimits } from './connection-limits.js'
import type { HttpChannel } from './http/channel.js'
import { corsHeaders } from './http/cors.js'
import { errorReply } from './http/error-reply.js'
import { Exchange } from './http/exchange.js'
import { framingFault } from './http/framing.js'
import type { RequestHead } from './http/request.js'
import type { AccessPolicy } from './origin.js'
import type { PortHandlers } from './port.js'
import { judgeUpgrade, refuse, type UpgradeRefusal, type UpgradeVerdict } from './upgrade.js'

export interface HandlerOptions {
  readonly connectionLimits: ConnectionLimits
  readonly policy: AccessPolicy
  readonly authenticator: Authenticator
  readonly registry: SessionRegistry
  readonly route: (exchange: Exchange) => Promise<void>
  /** Called when a handshake is refused. */
  readonly onRefused: (code: ErrorCode) => void
  readonly logger: Logger
  /** Whether to refuse handshakes because the server is shutting down. */
  readonly isDraining: () => boolean
}

/** Everything that is decided above the transports: who may connect, and how requests are answered. */
export function createHandlers(options: HandlerOptions): PortHandlers {
  const { policy, authenticator, connectionLimits, registry, route, logger } = options

  const judge = (request: RequestHead, remoteAddress: string): UpgradeVerdict => {
    const fault = framingFault(request)
    if (fault) return refuse(fault)
    const draining = options.isDraining()
    const verdict = judgeUpgrade(request, { policy, authenticator, draining, remoteAddress, connectionLimits })
    if (!verdict.accept) {
      const { error } = verdict
      options.onRefused(error.code)
      // Do not log the request: its query may hold a ticket.
      if (error.code === 'server.internal') logger.error({ err: error }, 'a handshake failed')
    }
    return verdict
  }

  /** Handles a request on the socket path that the transport does not see as a handshake. */
  const judgePlain = ({ request, remoteAddress }: HttpChannel): UpgradeRefusal | undefined => {
    const verdict = judge(request, remoteAddress)
    return verdict.accept ? undefined : verdict
  }

  return {
    judge,

    refuse: (channel, refusal) => sendRefusal(new Exchange(channel), refusal),

    request: channel => {
      const { request } = channel
      const exchange = new Exchange(channel, corsHeaders(request, policy))
      const refusal = request.path === SOCKET_PATH ? judgePlain(channel) : faultOf(request)
      if (refusal) sendRefusal(exchange, refusal)
      else void route(exchange)
    },

    enter: (remoteAddress, principal) => connectionLimits.enter(remoteAddress, principal),
    open: (socket, principal) => registry.open(socket, principal),
  }
}

function faultOf(request: RequestHead): UpgradeRefusal | undefined {
  const fault = framingFault(request)
  return fault && refuse(fault)
}

function sendRefusal(exchange: Exchange, refusal: UpgradeRefusal): void {
  if (refusal.error.code !== 'http.framing') {
    reply(exchange, refusal)
    return
  }
  exchange.closeAfterReply()
  // Deferred: until the reply is sent, the transport cuts the connection instead of reading another request.
  setImmediate(reply, exchange, refusal)
}

function reply(exchange: Exchange, refusal: UpgradeRefusal): void {
  const { status, headers, body } = errorReply(refusal.error)
  exchange.reply(status, { ...headers, ...refusal.headers }, body)
}
