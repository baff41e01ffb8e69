/** What became of a frame: on the wire, waiting in the socket's buffer, or thrown away because that buffer is full. */
export type SendOutcome = 'sent' | 'queued' | 'dropped'

/** The socket as sessions see it. After `end`, or once the peer is gone, every call does nothing. */
export interface Socket {
  readonly remoteAddress: string
  send(frame: string | Uint8Array): SendOutcome
  /** Bytes accepted by `send` that the kernel has not taken yet. */
  bufferedBytes(): number
  /** Joins the sends of a synchronous callback into one write. */
  cork(callback: () => void): void
  /** Closes with a code the client receives, after what is buffered. */
  end(code: number, reason: string): void
}
