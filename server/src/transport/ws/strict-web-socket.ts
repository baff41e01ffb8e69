import { WebSocket } from 'ws'

/**
 * A WebSocket that is cut without a close frame on a violation of RFC 6455, like in uWebSockets.js: the client sees
 * 1006. The `ws` package would send 1002, 1007 or 1009; only in these cases does it call `close` with a code and no
 * reason.
 */
export class StrictWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code !== undefined && reason === undefined) this.terminate()
    else super.close(code, reason)
  }
}
