/** What the transport tells of a socket. */
export interface Connection {
  /** A text frame came, within the socket's message callback. */
  message(text: string, bytes: number): void
  binaryMessage(): void
  /** The socket has room again. */
  drained(): void
  /** The socket is gone. */
  ended(): void
}
