import type * as Uws from 'uWebSockets.js'
import type { us_listen_socket } from 'uWebSockets.js'
import { SOCKET_PATH, SUBPROTOCOL } from '@cuewire/protocol'
import type { Principal } from '../../identity/principal.js'
import type { Connection } from '../../sessions/connection.js'
import { idleSweeps, SWEEP_SECONDS } from '../idle-sweeps.js'
import { listenError } from '../listen-fault.js'
import type { OpenPort, PortHandlers, PortOptions, Transport } from '../port.js'
import { listenCause } from './listen-cause.js'
import { remoteAddressOf } from './remote-address.js'
import { UwsChannel } from './uws-channel.js'
import { copyRequest } from './uws-request.js'
import { UwsSocket } from './uws-socket.js'

/** uWS has checked that text frames are UTF-8. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

interface UserData {
  readonly remoteAddress: string
  readonly principal: Principal
  socket?: UwsSocket
  connection?: Connection
  leave?: () => void
}

/** The transport based on uWebSockets.js, as loaded by `loadUws`. */
export function createUwsTransport(uws: typeof Uws): Transport {
  return { name: 'uws', open: (options, handlers) => open(uws, options, handlers) }
}

async function open(uws: typeof Uws, options: PortOptions, handlers: PortHandlers): Promise<OpenPort> {
  const { host, port, tls } = options
  const app = tls ? uws.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile }) : uws.App()

  app.ws<UserData>(SOCKET_PATH, {
    maxPayloadLength: options.maxMessageBytes,
    maxBackpressure: options.maxBufferedBytes,
    // uWS treats it as an upper bound, because it counts sweeps.
    idleTimeout: idleSweeps(options.idleTimeoutMs).end * SWEEP_SECONDS,
    sendPingsAutomatically: true,
    compression: uws.DISABLED,

    upgrade: (response, rawRequest, context) => {
      const request = copyRequest(rawRequest)
      const remoteAddress = remoteAddressOf(response)
      const verdict = handlers.judge(request, remoteAddress)
      if (!verdict.accept) {
        handlers.refuse(new UwsChannel(response, request, remoteAddress), verdict)
        return
      }
      response.upgrade<UserData>(
        { remoteAddress, principal: verdict.principal },
        request.headers.get('sec-websocket-key') ?? '',
        SUBPROTOCOL,
        request.headers.get('sec-websocket-extensions') ?? '',
        context,
      )
    },

    open: handle => {
      const data = handle.getUserData()
      data.leave = handlers.enter(data.remoteAddress, data.principal)
      data.socket = new UwsSocket(handle, data.remoteAddress)
      data.connection = handlers.open(data.socket, data.principal)
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
    handlers.request(new UwsChannel(response, request, remoteAddressOf(response)))
  })

  const token = await new Promise<us_listen_socket | false>(opened => {
    // Exclusive: otherwise a second server on the same port would silently share its connections. The typings lack this
    // form.
    const listenExclusively = app.listen.bind(app) as unknown as ListenWithOptions
    listenExclusively(host, port, LISTEN_EXCLUSIVE, opened)
  })
  if (!token) throw listenError(host, port, await listenCause(host, port))
  return { port: uws.us_socket_local_port(token), close: () => app.close() }
}

/** uWS's LIBUS_LISTEN_EXCLUSIVE_PORT, which the typings declare as an enum that does not exist at run time. */
const LISTEN_EXCLUSIVE = 1

type ListenWithOptions = (
  host: string,
  port: number,
  options: number,
  opened: (socket: us_listen_socket | false) => void,
) => void
