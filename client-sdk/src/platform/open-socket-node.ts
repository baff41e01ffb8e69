import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { OpenSocket } from './socket.js'

/** A problem of a Cuewire server is shorter. */
const MAX_BODY_LENGTH = 8192

/** Node: `ws` on every version, as Node 20 has no global WebSocket and only `ws` says why a handshake failed. */
export const openSocket: OpenSocket = (url, protocols, onAnswer) => {
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false })
  socket.once('unexpected-response', async (_, response) => {
    const body = await beginningOf(response)
    onAnswer({ status: response.statusCode ?? 0, location: response.headers.location, body })
    // With a listener for the answer, ending the socket is left to us.
    socket.terminate()
  })
  return socket
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  let body = ''
  try {
    for await (const text of response.setEncoding('utf8')) {
      body += text
      if (body.length >= MAX_BODY_LENGTH) break
    }
  } catch {
    // The status alone says enough.
  }
  return body.slice(0, MAX_BODY_LENGTH)
}
