/** Outcome of a send: written, buffered in the socket, or dropped because the buffer is full. */
export type SendOutcome = 'sent' | 'queued' | 'dropped'

/** The socket as sessions see it. After `end`, or once the peer is gone, all calls do nothing. */
export interface Socket {
  readonly remoteAddress: string
  send(frame: string | Uint8Array): SendOutcome
  /** Bytes accepted by `send` but not yet by the kernel. */
  bufferedBytes(): number
  /** Combines the sends of a synchronous callback into one write. */
  cork(callback: () => void): void
  /** Sends what is buffered, then closes with a code. */
  end(code: number, reason: string): void
}
