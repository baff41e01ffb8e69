import type { us_listen_socket } from 'uWebSockets.js'
import { type ErrorCode, LIMITS, SOCKET_PATH } from '@cuewire/protocol'
import type { Logger } from 'pino'
import type { Principal } from '../identity/principal.js'
import type { AppError } from '../lib/app-error.js'
import type { Connection } from '../sessions/connection.js'
import type { SessionRegistry } from '../sessions/registry.js'
import type { Authenticator } from './auth/authenticator.js'
import type { ConnectionLimits } from './connection-limits.js'
import { corsHeaders } from './http/cors.js'
import { errorReply } from './http/error-reply.js'
import { Exchange, type Headers } from './http/exchange.js'
import { framingFault } from './http/framing.js'
import { copyRequest, type RequestHead } from './http/request.js'
import { uwsIdleTimeout } from './idle-timeout.js'
import { listenFault } from './listen-fault.js'
import type { AccessPolicy } from './origin.js'
import { remoteAddressOf } from './remote-address.js'
import { UwsSocket } from './socket.js'
import { checkTlsFiles, type TlsFiles } from './tls.js'
import { judgeUpgrade } from './upgrade.js'
import { loadUws } from './uws.js'

/** uWS has checked that text frames are UTF-8. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes uWS buffers for one socket before it drops frames: far above the outbox limits, which act first. */
const MAX_BACKPRESSURE = 8 * 1024 * 1024

interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Undefined: without TLS. */
  readonly tls: TlsFiles | undefined
  readonly connectionLimits: ConnectionLimits
  readonly idleTimeoutMs: number
  readonly policy: AccessPolicy
  readonly authenticator: Authenticator
  readonly registry: SessionRegistry
  readonly route: (exchange: Exchange) => Promise<void>
  /** A handshake was refused, for this reason. */
  readonly onRefused: (code: ErrorCode) => void
  readonly logger: Logger
}

/** The one port, open. */
export interface Listener {
  readonly port: number
  /** Answers upgrades with 503 from now on; HTTP goes on, so that a balancer can read why. */
  refuseUpgrades(): void
  /** Stops listening and cuts every connection that is left. */
  close(): void
}

interface UserData {
  readonly remoteAddress: string
  readonly principal: Principal
  socket?: UwsSocket
  connection?: Connection
  /** Tells the connection limits that it has ended. */
  leave?: () => void
}

/** Opens the port for HTTP and WebSocket. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { host, port, tls, registry, connectionLimits, route, logger } = options
  const uws = loadUws()
  if (tls) checkTlsFiles(tls)
  const app = tls ? uws.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile }) : uws.App()
  let draining = false

  const judge = (request: RequestHead, remoteAddress: string) => {
    const verdict = judgeUpgrade(request, {
      policy: options.policy,
      authenticator: options.authenticator,
      draining,
      remoteAddress,
      connectionLimits,
    })
    if (!verdict.accept) {
      const { error } = verdict
      options.onRefused(error.code)
      // Never the request: its query may hold a ticket.
      if (error.code === 'server.internal') logger.error({ err: error }, 'a handshake failed')
    }
    return verdict
  }

  app.ws<UserData>(SOCKET_PATH, {
    maxPayloadLength: LIMITS.hardFrameBytes,
    maxBackpressure: MAX_BACKPRESSURE,
    idleTimeout: uwsIdleTimeout(options.idleTimeoutMs),
    sendPingsAutomatically: true,
    compression: uws.DISABLED,

    upgrade: (response, rawRequest, context) => {
      const request = copyRequest(rawRequest)
      const fault = framingFault(request)
      if (fault) return refuseLater(new Exchange(response, request), fault)
      const remoteAddress = remoteAddressOf(response)
      const verdict = judge(request, remoteAddress)
      if (!verdict.accept) {
        refuse(new Exchange(response, request), verdict)
        return
      }
      const { principal } = verdict
      response.upgrade<UserData>(
        { remoteAddress, principal },
        verdict.key,
        verdict.subprotocol,
        verdict.extensions,
        context,
      )
    },

    open: handle => {
      const data = handle.getUserData()
      data.leave = connectionLimits.enter(data.remoteAddress, data.principal)
      data.socket = new UwsSocket(handle, data.remoteAddress)
      data.connection = registry.open(data.socket, data.principal)
    },

    message: (handle, message, isBinary) => {
      const { connection } = handle.getUserData()
      if (isBinary) connection?.binaryMessage()
      else connection?.message(utf8.decode(message), message.byteLength)
    },

    drain: handle => handle.getUserData().connection?.drained(),

    close: handle => {
      const { socket, connection, leave } = handle.getUserData()
      leave?.()
      socket?.detach()
      connection?.ended()
    },
  })

  app.any('/*', (response, rawRequest) => {
    const request = copyRequest(rawRequest)
    const exchange = new Exchange(response, request, corsHeaders(request, options.policy))
    const fault = framingFault(request)
    if (fault) return refuseLater(exchange, fault)
    const verdict = request.path === SOCKET_PATH ? judge(request, exchange.remoteAddress) : undefined
    if (verdict && !verdict.accept) refuse(exchange, verdict)
    else void route(exchange)
  })

  const token = await new Promise<us_listen_socket | false>(opened => {
    // Exclusive: without it a second server on the same port would share its connections unnoticed. The typings lack this form.
    const listenExclusively = app.listen.bind(app) as unknown as ListenWithOptions
    listenExclusively(host, port, LISTEN_EXCLUSIVE, opened)
  })
  if (!token) throw new Error(`cannot listen on ${host}:${port}: ${await listenFault(host, port)}`)
  const actualPort = uws.us_socket_local_port(token)
  logger.info({ host, port: actualPort }, 'listening')

  return {
    port: actualPort,
    refuseUpgrades: () => {
      draining = true
    },
    close: () => app.close(),
  }
}

/** uWS's LIBUS_LISTEN_EXCLUSIVE_PORT, which the typings declare as an enum that does not exist at run time. */
const LISTEN_EXCLUSIVE = 1

type ListenWithOptions = (
  host: string,
  port: number,
  options: number,
  opened: (socket: us_listen_socket | false) => void,
) => void

/** Until there is a reply, uWS closes the connection rather than read another request from it. */
function refuseLater(exchange: Exchange, error: AppError): void {
  exchange.closeAfterReply()
  setImmediate(refuse, exchange, { error, headers: {} })
}

function refuse(exchange: Exchange, verdict: { readonly error: AppError; readonly headers: Headers }): void {
  const { status, headers, body } = errorReply(verdict.error)
  exchange.reply(status, { ...headers, ...verdict.headers }, body)
}
