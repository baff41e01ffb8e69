import type { TransportName } from '@cuewire/protocol'
import type { Principal } from '../identity/principal.js'
import type { Connection } from '../sessions/connection.js'
import type { Socket } from '../sessions/socket.js'
import type { HttpChannel } from './http/channel.js'
import type { RequestHead } from './http/request.js'
import type { TlsFiles } from './tls.js'
import type { UpgradeRefusal, UpgradeVerdict } from './upgrade.js'

/** A library that serves HTTP and WebSocket on one port. Requests are handled above it. */
export interface Transport {
  readonly name: TransportName
  /** Throws if the port cannot be opened; the message says why. */
  open(options: PortOptions, handlers: PortHandlers): Promise<OpenPort>
}

export interface PortOptions {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
  /** Undefined: no TLS. The files are already checked. */
  readonly tls: TlsFiles | undefined
  /** Time without incoming data after which a WebSocket is dropped. */
  readonly idleTimeoutMs: number
  /** A larger message ends its WebSocket. */
  readonly maxMessageBytes: number
  /** Bytes buffered for one WebSocket above which further frames are dropped. */
  readonly maxBufferedBytes: number
}

export interface OpenPort {
  readonly port: number
  /** Stops listening and closes all remaining connections. */
  close(): void
}

/** Events of a port. Transports call these synchronously. */
export interface PortHandlers {
  /** Decides synchronously on a WebSocket handshake, so that the transport can upgrade within its callback. */
  judge(request: RequestHead, remoteAddress: string): UpgradeVerdict
  /** Answers a handshake that was refused. */
  refuse(channel: HttpChannel, refusal: UpgradeRefusal): void
  /** Answers a request that is no handshake. */
  request(channel: HttpChannel): void
  /** Counts an accepted WebSocket. The returned function is called once when it has ended. */
  enter(remoteAddress: string, principal: Principal): () => void
  /** A WebSocket is open. It may be closed before this returns. */
  open(socket: Socket, principal: Principal): Connection
}
