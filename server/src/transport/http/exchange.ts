import type { HttpResponse } from 'uWebSockets.js'
import { remoteAddressOf } from '../remote-address.js'
import type { RequestHead } from './request.js'
import { STATUS_TEXT } from './status.js'

export type Headers = Readonly<Record<string, string>>

/** Body bytes held before the client is made to wait. */
const BODY_HIGH_WATER = 1024 * 1024

/**
 * A request and its one reply. Knows when the client went away: after that, writes do nothing and `signal` is aborted.
 * Must be made within uWS's handler, before anything is awaited.
 */
export class Exchange {
  readonly remoteAddress: string
  private readonly abort = new AbortController()
  private readonly chunks: Uint8Array[] = []
  private queuedBytes = 0
  private bodyEnded = false
  private paused = false
  private wake: (() => void) | undefined
  private finished = false

  constructor(
    private readonly response: HttpResponse,
    readonly request: RequestHead,
    /** Sent with the reply, whatever it is. */
    private alwaysHeaders: Headers = {},
  ) {
    this.remoteAddress = remoteAddressOf(response)
    response.onAborted(() => {
      this.finished = true
      this.abort.abort(new Error('the client went away'))
      this.wake?.()
    })
    if (hasBody(request)) response.onData((chunk, isLast) => this.take(chunk, isLast))
    else this.bodyEnded = true
  }

  get signal(): AbortSignal {
    return this.abort.signal
  }

  get replied(): boolean {
    return this.finished
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name)
  }

  /** Adds headers to whatever the reply will be. */
  always(headers: Headers): void {
    this.alwaysHeaders = { ...this.alwaysHeaders, ...headers }
  }

  /** The body in pieces; the client waits while they are not taken. Ends early, with an error, when the client goes. */
  async *body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.chunks.shift()
      if (chunk) {
        this.queuedBytes -= chunk.byteLength
        this.resumeBody()
        yield chunk
      } else if (this.signal.aborted) {
        throw this.signal.reason
      } else if (this.bodyEnded) {
        return
      } else {
        await new Promise<void>(resolve => {
          this.wake = resolve
        })
      }
    }
  }

  /** Replies at once. A connection whose request body was not read is closed. */
  reply(status: number, headers: Headers = {}, body?: string | Uint8Array): void {
    if (this.finished) return
    this.finished = true
    const closeConnection = !this.bodyEnded
    const bodiless = status === 204 || status === 304
    this.response.cork(() => {
      this.writeHead(status, headers)
      // Without an argument uWS writes no length; given `undefined` it would write one of 2^63.
      if (bodiless && !closeConnection) this.response.endWithoutBody()
      else if (this.request.method === 'HEAD') this.response.endWithoutBody(byteLength(body), closeConnection)
      else this.response.end(bodiless ? '' : (body ?? ''), closeConnection)
    })
  }

  /** Replies with `size` bytes from a source, which is read only as fast as the client takes them. */
  async stream(status: number, headers: Headers, size: number, source: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.finished) return
    if (size === 0 || this.request.method === 'HEAD') {
      this.replyWithLength(status, headers, size)
      return
    }
    this.finished = true
    this.response.cork(() => this.writeHead(status, headers))
    let left = size
    for await (const chunk of source) {
      if (this.signal.aborted) return
      left -= chunk.byteLength
      await this.writeChunk(chunk, size)
    }
    // The file got shorter under our hands: the promised length cannot be kept, so the connection must end.
    if (left > 0 && !this.signal.aborted) this.response.close()
  }

  private replyWithLength(status: number, headers: Headers, size: number): void {
    this.finished = true
    this.response.cork(() => {
      this.writeHead(status, headers)
      this.response.endWithoutBody(size)
    })
  }

  private writeHead(status: number, headers: Headers): void {
    this.response.writeStatus(`${status} ${STATUS_TEXT[status] ?? ''}`)
    for (const [name, value] of Object.entries({ ...this.alwaysHeaders, ...headers }))
      this.response.writeHeader(name, value)
  }

  private async writeChunk(chunk: Uint8Array, size: number): Promise<void> {
    const start = this.response.getWriteOffset()
    let accepted = false
    this.response.cork(() => {
      const [ok, done] = this.response.tryEnd(chunk, size)
      accepted = ok || done
    })
    if (accepted || this.signal.aborted) return
    await new Promise<void>(resolve => {
      this.signal.addEventListener('abort', () => resolve(), { once: true })
      this.response.onWritable(offset => {
        const [ok, done] = this.response.tryEnd(chunk.subarray(offset - start), size)
        if (ok || done) resolve()
        return ok
      })
    })
  }

  private take(chunk: ArrayBuffer, isLast: boolean): void {
    if (this.finished) return
    // uWS takes the buffer back when this callback returns.
    const copy = new Uint8Array(chunk.slice(0))
    if (copy.byteLength > 0) this.chunks.push(copy)
    this.queuedBytes += copy.byteLength
    this.bodyEnded = isLast
    if (!isLast && !this.paused && this.queuedBytes > BODY_HIGH_WATER) {
      this.paused = true
      this.response.pause()
    }
    this.wake?.()
  }

  private resumeBody(): void {
    if (!this.paused || this.finished || this.queuedBytes > BODY_HIGH_WATER / 2) return
    this.paused = false
    this.response.resume()
  }
}

function hasBody({ headers }: RequestHead): boolean {
  const length = headers.get('content-length')
  return headers.has('transfer-encoding') || (length !== undefined && length !== '0')
}

function byteLength(body: string | Uint8Array | undefined): number {
  return body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}
