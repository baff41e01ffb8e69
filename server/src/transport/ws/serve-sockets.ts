import { type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { SUBPROTOCOL } from '@cuewire/protocol'
import { WebSocketServer } from 'ws'
import { usualAddress } from '../../lib/ip-address.js'
import { idleSweeps, SWEEP_SECONDS } from '../idle-sweeps.js'
import type { PortHandlers, PortOptions } from '../port.js'
import type { ConnectionStates } from './connection-states.js'
import { StrictWebSocket } from './strict-web-socket.js'
import { WsChannel } from './ws-channel.js'
import type { WsRequest } from './ws-request.js'
import { WsSocket } from './ws-socket.js'

/** The WebSockets of a server. */
interface ServedSockets {
  /** Closes all of them abruptly. */
  close(): void
}

/** Opens requested WebSockets and drops silent ones. */
export function serveSockets(
  server: Server<typeof WsRequest>,
  { idleTimeoutMs, maxMessageBytes, maxBufferedBytes }: PortOptions,
  { handlers, states }: { readonly handlers: PortHandlers; readonly states: ConnectionStates },
): ServedSockets {
  const sockets = new Set<WsSocket>()
  const sweeps = idleSweeps(idleTimeoutMs)
  const sweeping = setInterval(() => {
    for (const socket of sockets) socket.sweep(sweeps)
  }, SWEEP_SECONDS * 1000)
  const upgrader = new WebSocketServer({
    noServer: true,
    WebSocket: StrictWebSocket,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    // Pongs are sent by our code, because they count towards the buffer limit.
    autoPong: false,
  })

  server.on('upgrade', (request: WsRequest, connection, head) => {
    // A `net.Socket` or a TLS socket; Node declares only their common base.
    const tcp = connection as Socket
    if (states.has(tcp)) {
      // The handshake was pipelined behind an unanswered request.
      tcp.destroy()
      return
    }
    const remoteAddress = usualAddress(tcp.remoteAddress ?? '')
    const verdict = handlers.judge(request.head, remoteAddress)
    if (!verdict.accept) {
      handlers.refuse(refusalChannel(request, tcp), verdict)
      return
    }
    // The offer has been checked; show the package only the chosen subprotocol.
    request.headers['sec-websocket-protocol'] = SUBPROTOCOL
    upgrader.handleUpgrade(request, tcp, head, webSocket => {
      const leave = handlers.enter(remoteAddress, verdict.principal)
      const socket = new WsSocket(webSocket, tcp, { remoteAddress, maxBufferedBytes, onEnded: leave })
      sockets.add(socket)
      webSocket.on('close', () => sockets.delete(socket))
      socket.attach(handlers.open(socket, verdict.principal))
    })
  })

  return {
    close: () => {
      clearInterval(sweeping)
      for (const socket of sockets) socket.terminate()
    },
  }
}

/** Answers a handshake over HTTP. Node has detached the connection, so it is closed afterwards. */
function refusalChannel(request: WsRequest, connection: Socket): WsChannel {
  connection.on('error', () => undefined)
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(connection)
  response.on('finish', () => connection.destroySoon())
  return new WsChannel(request, response, () => undefined)
}
