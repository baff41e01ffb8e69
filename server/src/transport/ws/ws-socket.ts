import type { Socket as TcpSocket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Connection } from '../../sessions/connection.js'
import type { SendOutcome, Socket } from '../../sessions/socket.js'
import type { IdleSweeps } from '../idle-sweeps.js'
import { Turns } from './turns.js'

/**
 * Corked bytes above which they are written, so that the limits above this socket see what the network does not accept.
 */
const CORK_BYTES = 64 * 1024

/** Frames may be passed as bytes, but are sent as text. */
const TEXT = { binary: false } as const

interface Message {
  readonly data: Buffer
  readonly isBinary: boolean
}

interface WsSocketOptions {
  readonly remoteAddress: string
  /** Bytes buffered above which frames are dropped. */
  readonly maxBufferedBytes: number
  /** Called once, when the socket has ended. */
  readonly onEnded: () => void
}

/** Adapts a socket of the `ws` package to our port. */
export class WsSocket implements Socket {
  readonly remoteAddress: string
  private connection: Connection | undefined
  private ended = false
  private corked = false
  /** The last frame was not sent at once, so the connection must be told when there is room. */
  private behind = false
  private silentSweeps = 0

  constructor(
    private readonly socket: WebSocket,
    private readonly tcp: TcpSocket,
    private readonly options: WsSocketOptions,
  ) {
    this.remoteAddress = options.remoteAddress
    tcp.on('data', () => {
      this.silentSweeps = 0
    })
    // Sends the answers to all messages of one packet together.
    const turns = new Turns<Message>({
      begin: () => this.startCork(),
      handle: message => this.take(message),
      end: () => this.endCork(),
    })
    socket.on('message', (data: Buffer, isBinary) => turns.push({ data, isBinary }))
    socket.on('ping', (data: Buffer) => {
      if (tcp.writableLength <= options.maxBufferedBytes) socket.pong(data)
    })
    // Ignored: an invalid frame closes the socket, and the close event is enough.
    socket.on('error', () => undefined)
    socket.on('close', () => this.detach())
  }

  /** Sets the receiver of incoming frames. */
  attach(connection: Connection): void {
    this.connection = connection
    if (this.ended) connection.ended()
  }

  send(frame: string | Uint8Array): SendOutcome {
    if (this.ended) return 'sent'
    if (this.tcp.writableLength > this.options.maxBufferedBytes) return 'dropped'
    this.socket.send(frame, TEXT, this.written)
    if (this.corked && this.tcp.writableLength > CORK_BYTES) {
      this.tcp.uncork()
      this.tcp.cork()
    }
    this.behind = this.tcp.writableLength > 0
    return this.behind ? 'queued' : 'sent'
  }

  bufferedBytes(): number {
    return this.ended ? 0 : this.tcp.writableLength
  }

  cork(callback: () => void): void {
    if (this.corked) {
      callback()
      return
    }
    this.startCork()
    try {
      callback()
    } finally {
      this.endCork()
    }
  }

  end(code: number, reason: string): void {
    if (this.ended) return
    this.socket.close(code, reason)
    // Some clients wait for the connection to end instead of answering the close frame, and the package waits for that
    // answer.
    this.tcp.end()
    this.detach()
  }

  /** Cuts the connection. */
  terminate(): void {
    this.socket.terminate()
  }

  /**
   * Called at every sweep: pings a socket that has been silent for a while, and cuts one that has been silent for too
   * long.
   */
  sweep({ ping, end }: IdleSweeps): void {
    this.silentSweeps++
    if (this.silentSweeps >= end) this.terminate()
    else if (this.silentSweeps === ping && !this.ended) this.socket.ping()
  }

  private take({ data, isBinary }: Message): void {
    if (this.ended) return
    if (isBinary) this.connection?.binaryMessage()
    else this.connection?.message(data.toString(), data.byteLength)
  }

  private startCork(): void {
    this.corked = true
    this.tcp.cork()
  }

  private endCork(): void {
    this.corked = false
    this.tcp.uncork()
  }

  private readonly written = () => {
    if (!this.behind || this.ended) return
    this.behind = this.tcp.writableLength > 0
    this.connection?.drained()
  }

  private detach(): void {
    if (this.ended) return
    this.ended = true
    this.options.onEnded()
    this.connection?.ended()
  }
}
