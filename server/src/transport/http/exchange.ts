import type { HttpResponse } from 'uWebSockets.js'
import { remoteAddressOf } from '../remote-address.js'
import { BodyQueue } from './body-queue.js'
import type { RequestHead } from './request.js'
import { STATUS_TEXT } from './status.js'

export type Headers = Readonly<Record<string, string>>

/** A piece of a reply that the connection did not take whole. */
interface StalledChunk {
  readonly bytes: Uint8Array
  /** Where it begins in the reply. */
  readonly start: number
  /** Called when it is sent, or the client is gone. */
  readonly done: () => void
}

/**
 * A request and its one reply. Knows when the client went away: after that, writes do nothing and `signal` is aborted.
 * Must be made within uWS's handler, before anything is awaited.
 */
export class Exchange {
  readonly remoteAddress: string
  private readonly abort = new AbortController()
  private readonly incoming: BodyQueue
  private state: 'open' | 'streaming' | 'replied' = 'open'
  private closes = false
  private stalled: StalledChunk | undefined

  constructor(
    private readonly response: HttpResponse,
    readonly request: RequestHead,
    /** Sent with the reply, whatever it is. */
    private alwaysHeaders: Headers = {},
  ) {
    this.remoteAddress = remoteAddressOf(response)
    this.incoming = new BodyQueue({
      pause: () => response.pause(),
      resume: () => {
        // After the reply uWS owns the connection, and throws when it is touched.
        if (this.state === 'open') response.resume()
      },
    })
    response.onAborted(() => {
      this.state = 'replied'
      const gone = new Error('the client went away')
      this.abort.abort(gone)
      this.incoming.fail(gone)
      this.stalled?.done()
      this.stalled = undefined
    })
    if (this.hasBody) response.onData((chunk, isLast) => this.take(chunk, isLast))
    else this.incoming.end()
  }

  get signal(): AbortSignal {
    return this.abort.signal
  }

  /** Whether the request says that it has a body. */
  get hasBody(): boolean {
    return announcesBody(this.request)
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name)
  }

  /** Adds headers to whatever the reply will be. */
  always(headers: Headers): void {
    this.alwaysHeaders = { ...this.alwaysHeaders, ...headers }
  }

  /** No other request is to be read from this connection. */
  closeAfterReply(): void {
    this.closes = true
  }

  /** The body in pieces; the client waits while they are not taken. Ends early, with an error, when the client goes. */
  body(): AsyncGenerator<Uint8Array> {
    return this.incoming.read()
  }

  /** Replies at once. A connection whose request body was not read is closed. */
  reply(status: number, headers: Headers = {}, body: string | Uint8Array = ''): void {
    if (this.state !== 'open') return
    this.replyWhole(status, headers, { body, length: byteLength(body) })
  }

  /**
   * Replies with `size` bytes from a source, which is opened only when it is needed, and read only as fast as the client
   * takes them. Throws when the source fails or ends early.
   */
  async stream(status: number, headers: Headers, size: number, open: () => AsyncIterable<Uint8Array>): Promise<void> {
    if (this.state !== 'open') return
    if (size === 0 || this.request.method === 'HEAD') {
      this.replyWhole(status, headers, { body: '', length: size })
      return
    }
    this.state = 'streaming'
    this.response.onWritable(offset => this.sendStalled(offset, size))
    this.response.cork(() => this.writeHead(status, headers))
    let left = size
    for await (const chunk of open()) {
      if (this.signal.aborted) return
      left -= chunk.byteLength
      await this.send(chunk, size)
      if (left > 0) continue
      this.state = 'replied'
      return
    }
    if (!this.signal.aborted) throw new Error(`a source ended ${left} bytes early`)
  }

  /** Ends a reply that cannot be completed. As its length is promised already, only closing the connection tells the client. */
  breakOff(): void {
    if (this.state === 'streaming') this.response.close()
  }

  private replyWhole(
    status: number,
    headers: Headers,
    { body, length }: { readonly body: string | Uint8Array; readonly length: number },
  ): void {
    this.state = 'replied'
    const isHead = this.request.method === 'HEAD'
    const bodiless = isHead || status === 204 || status === 304
    this.response.cork(() => {
      this.writeHead(status, headers)
      // Only `end` closes the connection, and it always writes a length.
      if (this.closes || !this.incoming.whole) this.response.end(bodiless ? '' : body, true)
      else if (!bodiless) this.response.end(body)
      else {
        // A length given to `endWithoutBody` makes uWS wait for that many bytes: the next request would be cut off.
        if (isHead && status !== 204 && status !== 304) this.response.writeHeader('content-length', String(length))
        this.response.endWithoutBody()
      }
    })
  }

  private writeHead(status: number, headers: Headers): void {
    this.response.writeStatus(`${status} ${STATUS_TEXT[status] ?? ''}`)
    for (const [name, value] of Object.entries({ ...this.alwaysHeaders, ...headers }))
      this.response.writeHeader(name, value)
  }

  /** Resolves once the connection has taken the chunk, or the client is gone. */
  private async send(bytes: Uint8Array, size: number): Promise<void> {
    const start = this.response.getWriteOffset()
    let sent = false
    this.response.cork(() => {
      const [ok, done] = this.response.tryEnd(bytes, size)
      sent = ok || done
    })
    if (sent || this.signal.aborted) return
    await new Promise<void>(done => {
      this.stalled = { bytes, start, done }
    })
  }

  private sendStalled(offset: number, size: number): boolean {
    if (!this.stalled) return true
    const { bytes, start, done } = this.stalled
    const [ok, ended] = this.response.tryEnd(bytes.subarray(offset - start), size)
    if (ok || ended) {
      this.stalled = undefined
      done()
    }
    return ok
  }

  private take(chunk: ArrayBuffer, isLast: boolean): void {
    // uWS takes the buffer back when this callback returns.
    if (this.state === 'open') this.incoming.push(new Uint8Array(chunk.slice(0)))
    if (isLast) this.incoming.end()
  }
}

function announcesBody({ headers }: RequestHead): boolean {
  const length = headers.get('content-length')
  return headers.has('transfer-encoding') || (length !== undefined && length !== '0')
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}
