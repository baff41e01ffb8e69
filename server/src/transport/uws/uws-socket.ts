import type { WebSocket } from 'uWebSockets.js'
import type { SendOutcome, Socket } from '../../sessions/socket.js'

/** Results of uWS's `send`: 0 queued, 1 sent, 2 dropped. */
const OUTCOMES: readonly SendOutcome[] = ['queued', 'sent', 'dropped']

/** Adapts a uWS socket to our port. uWS throws on a closed socket, so the close callback drops the handle. */
export class UwsSocket implements Socket {
  private handle: WebSocket<unknown> | undefined

  constructor(
    handle: WebSocket<unknown>,
    readonly remoteAddress: string,
  ) {
    this.handle = handle
  }

  send(frame: string | Uint8Array): SendOutcome {
    if (!this.handle) return 'sent'
    return OUTCOMES[this.handle.send(frame, false)] ?? 'dropped'
  }

  bufferedBytes(): number {
    return this.handle?.getBufferedAmount() ?? 0
  }

  cork(callback: () => void): void {
    if (this.handle) this.handle.cork(callback)
    else callback()
  }

  end(code: number, reason: string): void {
    // `end` calls the close callback, which calls `detach`, before it returns.
    this.handle?.end(code, reason)
  }

  detach(): void {
    this.handle = undefined
  }
}
