/** Receives the events of a socket from the transport. */
export interface Connection {
  /** A text frame arrived. Called within the socket's message callback. */
  message(text: string, bytes: number): void
  binaryMessage(): void
  /** The socket has room again. */
  drained(): void
  /** The socket is gone. */
  ended(): void
}
