import { WebSocket } from 'ws'
import type { OpenSocket } from './socket.js'

/** Node: `ws` on every version, as Node 20 has no global WebSocket and only `ws` says why a handshake failed. */
export const openSocket: OpenSocket = (url, protocols) => new WebSocket(url, protocols, { perMessageDeflate: false })
