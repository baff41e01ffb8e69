import type { RequestHead } from './request.js'

/** By lower-case name. */
export type Headers = Readonly<Record<string, string>>

/** A reply sent in one go. */
export interface WholeReply {
  readonly status: number
  readonly headers: Headers
  /** Undefined for replies without a body: to HEAD, and with 204 or 304. */
  readonly body: string | Uint8Array | undefined
  /** `Content-Length` of a reply to HEAD. */
  readonly length: number | undefined
  /** Whether to close the connection after it, for example because the request body was not read. */
  readonly close: boolean
}

/** Receives the body of a request. */
export interface BodyListener {
  /** The next bytes, owned by the listener. */
  data(bytes: Uint8Array): void
  /** The body is complete. */
  end(): void
}

/** A request and the means to reply to it, as a transport provides it. Routes use `Exchange`. */
export interface HttpChannel {
  readonly request: RequestHead
  /** The address of the peer in canonical form. */
  readonly remoteAddress: string
  /** Calls back if the connection ends before the reply is complete. Call it within the transport's handler. */
  onAborted(aborted: () => void): void
  /** Delivers the body. Call it within the transport's handler, and only for a request with a body. */
  onBody(listener: BodyListener): void
  /** Stops reading the body. */
  pause(): void
  /** Resumes reading. Do not call it after the reply. */
  resume(): void
  reply(reply: WholeReply): void
  /** Starts a reply of `size` bytes (at least one), to be sent with `write`. */
  begin(status: number, headers: Headers, size: number): void
  /** Sends a piece of the reply. Resolves once the connection accepts more or is gone. */
  write(bytes: Uint8Array): Promise<void> | undefined
  /** Cuts the connection. */
  abort(): void
}
