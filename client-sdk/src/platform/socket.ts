/** What the client reads of the events of a socket: a message's data, a close's code and reason, an error's message. */
export interface SocketEvent {
  readonly type: string
  readonly data?: unknown
  readonly code?: number
  readonly reason?: string
  readonly message?: string
}

/** The part of a WebSocket that the client uses; browsers' and `ws` sockets have it. */
export interface Socket {
  send(data: string): void
  close(code?: number, reason?: string): void
  /** Ends the connection without the closing handshake, where the platform can. */
  terminate?(): void
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void
}

export type SocketConstructor = new (url: string, protocols: string[]) => Socket

/** The HTTP answer a server, or a proxy before it, gave in place of a WebSocket. */
export interface HttpAnswer {
  readonly status: number
  /** Where a redirect points. */
  readonly location?: string | undefined
  /** Its beginning. */
  readonly body?: string
}

/** Opens the platform's own WebSocket. Calls `onAnswer` when the handshake is refused and the platform can read why. */
export type OpenSocket = (url: string, protocols: string[], onAnswer: (answer: HttpAnswer) => void) => Socket
