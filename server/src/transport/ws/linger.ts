import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

const LINGER_MS = 5000

/**
 * Ends a connection but keeps reading for a while. Closing while the client still sends would cause a reset, and the
 * client might lose the reply.
 */
export function endLingering(connection: Duplex): void {
  connection.end()
  const timer = setTimeout(() => connection.destroy(), LINGER_MS)
  connection.on('close', () => clearTimeout(timer))
  connection.resume()
}

/** Does this after the reply to a request whose body was not fully read. Call it before the reply ends. */
export function lingerAfterReply(incoming: IncomingMessage): void {
  if (incoming.complete) return
  const { socket } = incoming
  // Node calls this once the reply is sent.
  socket.destroySoon = () => {
    endLingering(socket)
    incoming.on('end', () => socket.destroy())
  }
  incoming.resume()
}
