import type { RequestHead } from './request.js'

/** By lower-case name. */
export type Headers = Readonly<Record<string, string>>

/** A reply that is sent at once. */
export interface WholeReply {
  readonly status: number
  readonly headers: Headers
  /** Undefined for a reply that has none: to HEAD, and with 204 or 304. */
  readonly body: string | Uint8Array | undefined
  /** `Content-Length` of a reply to HEAD. */
  readonly length: number | undefined
  /** Whether the connection ends after it, as when the body of the request was not read. */
  readonly close: boolean
}

/** Where the body of a request goes. */
export interface BodyListener {
  /** The next bytes, which belong to the listener. */
  data(bytes: Uint8Array): void
  /** All of it has come. */
  end(): void
}

/** A request and the way to reply to it, as a transport gives it. `Exchange` is what routes work with. */
export interface HttpChannel {
  readonly request: RequestHead
  /** The address of the peer in its usual spelling. */
  readonly remoteAddress: string
  /** Calls back if the connection ends before the reply is complete; to be called within the transport's handler. */
  onAborted(aborted: () => void): void
  /** Delivers the body; to be called within the transport's handler, and only for a request that has a body. */
  onBody(listener: BodyListener): void
  /** Stops reading the body. */
  pause(): void
  /** Reads on; not to be called after a reply. */
  resume(): void
  reply(reply: WholeReply): void
  /** Starts a reply of `size` bytes, at least one; `write` sends them. */
  begin(status: number, headers: Headers, size: number): void
  /** Sends a piece of the reply that was begun. Resolves once the connection takes more, or is gone. */
  write(bytes: Uint8Array): Promise<void> | undefined
  /** Cuts the connection. */
  abort(): void
}
