import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { usualAddress } from '../../lib/ip-address.js'
import type { BodyListener, Headers, HttpChannel, WholeReply } from '../http/channel.js'
import type { RequestHead } from '../http/request.js'
import { STATUS_TEXT } from '../http/status.js'
import { HTTP_IDLE_MS } from './create-server.js'
import { lingerAfterReply } from './linger.js'
import type { WsRequest } from './ws-request.js'

/** Adapts a `node:http` request to our port. */
export class WsChannel implements HttpChannel {
  readonly remoteAddress: string
  private readonly socket: Socket
  private unsentBytes = 0
  private finished = false
  private receiving = false
  private settleWrite: (() => void) | undefined

  constructor(
    private readonly incoming: WsRequest,
    private readonly response: ServerResponse,
    /** Called once the reply no longer needs the connection, which then takes the next request unless it closes. */
    private readonly onReplied: (closes: boolean) => void,
  ) {
    this.socket = incoming.socket
    this.remoteAddress = usualAddress(this.socket.remoteAddress ?? '')
    // Ignored here: the end of the connection shows as the close of the response.
    incoming.on('error', () => undefined)
    response.on('error', () => undefined)
    response.on('timeout', () => {
      if (this.receiving || this.settleWrite) this.abort()
    })
  }

  get request(): RequestHead {
    return this.incoming.head
  }

  onAborted(aborted: () => void): void {
    this.response.on('close', () => {
      if (!this.finished) aborted()
      this.settleWrite?.()
    })
  }

  onBody(listener: BodyListener): void {
    this.receiving = true
    this.incoming.on('data', bytes => listener.data(bytes))
    this.incoming.on('end', () => {
      this.receiving = false
      listener.end()
    })
  }

  pause(): void {
    this.receiving = false
    this.incoming.pause()
  }

  resume(): void {
    this.receiving = true
    // Paused time does not count against the client.
    this.socket.setTimeout(HTTP_IDLE_MS)
    this.incoming.resume()
  }

  reply({ status, headers, body, length, close }: WholeReply): void {
    this.finished = true
    const lengthHeader = body === undefined ? length : Buffer.byteLength(body)
    const connection = headers['connection']
    this.response.writeHead(status, STATUS_TEXT[status], {
      ...headers,
      ...(lengthHeader !== undefined && { 'content-length': lengthHeader }),
      ...(close && { connection: connection === undefined ? 'close' : `${connection}, close` }),
    })
    if (close) lingerAfterReply(this.incoming)
    this.response.end(body)
    this.onReplied(close)
  }

  begin(status: number, headers: Headers, size: number): void {
    this.unsentBytes = size
    this.response.writeHead(status, STATUS_TEXT[status], { ...headers, 'content-length': size })
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.response.destroyed) return undefined
    this.unsentBytes -= bytes.byteLength
    if (this.unsentBytes > 0) return this.response.write(bytes) ? undefined : this.writeSettled('drain')
    this.response.end(bytes)
    return this.writeSettled('finish').then(() => {
      if (!this.response.writableFinished) return
      this.finished = true
      this.onReplied(false)
    })
  }

  abort(): void {
    this.socket.destroy()
  }

  /** Resolves at this event of the response, or at its close. */
  private writeSettled(event: 'drain' | 'finish'): Promise<void> {
    return new Promise(resolve => {
      this.settleWrite = () => {
        this.settleWrite = undefined
        this.response.off(event, settle)
        resolve()
      }
      const settle = this.settleWrite
      this.response.on(event, settle)
    })
  }
}
