import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

const LINGER_MS = 5000

/**
 * Ends a connection, but reads on for a while. Closing it while the client still sends would reset it, and with the reset
 * the client may lose the reply.
 */
export function endLingering(connection: Duplex): void {
  connection.end()
  const timer = setTimeout(() => connection.destroy(), LINGER_MS)
  connection.on('close', () => clearTimeout(timer))
  connection.resume()
}

/** Does so once the reply to a request is sent that was not read to its end; to be called before the reply ends. */
export function lingerAfterReply(incoming: IncomingMessage): void {
  if (incoming.complete) return
  const { socket } = incoming
  // What Node calls once the reply is sent.
  socket.destroySoon = () => {
    endLingering(socket)
    incoming.on('end', () => socket.destroy())
  }
  incoming.resume()
}
