import { WebSocket } from 'ws'

/**
 * A WebSocket that is cut, without a close frame, by what breaks RFC 6455, as by uWebSockets.js: the client sees 1006. The
 * `ws` package would answer with 1002, 1007 or 1009; for these alone it calls `close` with a code and no reason.
 */
export class StrictWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code !== undefined && reason === undefined) this.terminate()
    else super.close(code, reason)
  }
}
