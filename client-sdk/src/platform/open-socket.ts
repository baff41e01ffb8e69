import { ClientError } from '../errors.js'
import type { OpenSocket } from './socket.js'

/** Browsers, Deno, Bun and workers: the global WebSocket. */
export const openSocket: OpenSocket = (url, protocols) => {
  if (typeof WebSocket === 'undefined') {
    throw new ClientError('this platform has no WebSocket; give one in the options: connect({ url, WebSocket })')
  }
  return new WebSocket(url, protocols)
}
