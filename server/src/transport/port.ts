import type { TransportName } from '@cuewire/protocol'
import type { Principal } from '../identity/principal.js'
import type { Connection } from '../sessions/connection.js'
import type { Socket } from '../sessions/socket.js'
import type { HttpChannel } from './http/channel.js'
import type { RequestHead } from './http/request.js'
import type { TlsFiles } from './tls.js'
import type { UpgradeRefusal, UpgradeVerdict } from './upgrade.js'

/** A library that serves HTTP and WebSocket on one port. What is served, and to whom, is decided above it. */
export interface Transport {
  readonly name: TransportName
  /** Throws when the port cannot be opened; the message says why. */
  open(options: PortOptions, handlers: PortHandlers): Promise<OpenPort>
}

export interface PortOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Undefined: without TLS. The files have been checked. */
  readonly tls: TlsFiles | undefined
  /** Silence after which a WebSocket is dropped. */
  readonly idleTimeoutMs: number
  /** A larger message ends its WebSocket. */
  readonly maxMessageBytes: number
  /** Bytes buffered for one WebSocket above which further frames are dropped. */
  readonly maxBufferedBytes: number
}

export interface OpenPort {
  readonly port: number
  /** Stops listening and cuts every connection that is left. */
  close(): void
}

/** What happens on a port. Transports call these synchronously. */
export interface PortHandlers {
  /** Decides on a WebSocket handshake at once, so that the transport can upgrade within its own callback. */
  judge(request: RequestHead, remoteAddress: string): UpgradeVerdict
  /** Answers a handshake that was refused. */
  refuse(channel: HttpChannel, refusal: UpgradeRefusal): void
  /** Answers a request that is no handshake. */
  request(channel: HttpChannel): void
  /** Counts a WebSocket that was accepted; what it returns is called once, when the WebSocket has ended. */
  enter(remoteAddress: string, principal: Principal): () => void
  /** A WebSocket is open; it may be ended before this returns. */
  open(socket: Socket, principal: Principal): Connection
}
