import { once } from 'node:events'
import { listenError } from '../listen-fault.js'
import type { OpenPort, PortHandlers, PortOptions, Transport } from '../port.js'
import type { ConnectionStates } from './connection-states.js'
import { createHttpServer } from './create-server.js'
import { serveRequests } from './serve-requests.js'
import { serveSockets } from './serve-sockets.js'

/**
 * The transport based on `node:http` and the `ws` package: slower than uWebSockets.js, but it runs wherever Node does.
 */
export const wsTransport: Transport = { name: 'ws', open }

async function open(options: PortOptions, handlers: PortHandlers): Promise<OpenPort> {
  const { host, port, tls } = options
  const server = createHttpServer(tls)
  const states: ConnectionStates = new WeakMap()
  serveRequests(server, handlers, states)
  const sockets = serveSockets(server, options, { handlers, states })
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    sockets.close()
    throw listenError(host, port, error)
  }
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error(`${host}:${port} is no TCP port`)
  return {
    port: address.port,
    close: () => {
      server.close()
      sockets.close()
      server.closeAllConnections()
    },
  }
}
