import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PortHandlers } from '../port.js'
import type { ConnectionStates } from './connection-states.js'
import { refuseBytes } from './refuse-bytes.js'
import { WsChannel } from './ws-channel.js'
import type { WsRequest } from './ws-request.js'

/** Passes requests to the handlers, one at a time per connection, and answers invalid ones. */
export function serveRequests(
  server: Server<typeof WsRequest>,
  handlers: PortHandlers,
  states: ConnectionStates,
): void {
  const refuse = (connection: Duplex, code: string | undefined) => {
    states.set(connection, 'closing')
    refuseBytes(connection, code)
  }

  const serve = (request: WsRequest, response: ServerResponse) => {
    const { socket } = request
    switch (states.get(socket)) {
      case 'closing':
        return
      case 'unanswered':
        // Like uWebSockets.js: a pipelined request must not overtake the one before it.
        socket.destroy()
        return
      case 'answered':
      case undefined:
        break
    }
    if (request.fault !== undefined) {
      refuse(socket, request.fault)
      return
    }
    states.set(socket, 'unanswered')
    response.on('close', () => {
      if (states.get(socket) === 'answered') states.delete(socket)
    })
    const onReplied = (closes: boolean) => void states.set(socket, closes ? 'closing' : 'answered')
    handlers.request(new WsChannel(request, response, onReplied))
  }

  server.on('request', serve)
  // Otherwise Node answers every expectation except 100-continue with 417.
  server.on('checkExpectation', serve)
  server.on('clientError', (error: NodeJS.ErrnoException, connection) => {
    switch (states.get(connection)) {
      case 'closing':
        break
      case 'unanswered':
        // Node reports some header faults only after it has emitted the request; our code has refused it by then.
        setImmediate(() => {
          if (states.get(connection) !== 'closing') connection.destroy()
        })
        break
      case 'answered':
      case undefined:
        refuse(connection, error.code)
        break
    }
  })
}
