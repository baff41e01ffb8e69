import type { HttpResponse } from 'uWebSockets.js'
import type { BodyListener, Headers, HttpChannel, WholeReply } from '../http/channel.js'
import type { RequestHead } from '../http/request.js'
import { STATUS_TEXT } from '../http/status.js'

/** A chunk that the connection did not accept in full. */
interface StalledChunk {
  readonly bytes: Uint8Array
  /** Its offset in the reply. */
  readonly start: number
  /** Called when it has been sent or the client is gone. */
  readonly done: () => void
}

/** Adapts a uWS response to our port. Must be created within uWS's handler. */
export class UwsChannel implements HttpChannel {
  private size = 0
  private gone = false
  private stalled: StalledChunk | undefined

  constructor(
    private readonly response: HttpResponse,
    readonly request: RequestHead,
    readonly remoteAddress: string,
  ) {}

  onAborted(aborted: () => void): void {
    this.response.onAborted(() => {
      this.gone = true
      aborted()
      this.stalled?.done()
      this.stalled = undefined
    })
  }

  onBody(listener: BodyListener): void {
    this.response.onData((chunk, isLast) => {
      // Copied, because uWS reuses the buffer after this callback.
      listener.data(new Uint8Array(chunk.slice(0)))
      if (isLast) listener.end()
    })
  }

  pause(): void {
    this.response.pause()
  }

  resume(): void {
    this.response.resume()
  }

  reply({ status, headers, body, length, close }: WholeReply): void {
    this.response.cork(() => {
      this.writeHead(status, headers)
      // Only `end` closes the connection, and it always writes a length.
      if (close) this.response.end(body ?? '', true)
      else if (body !== undefined) this.response.end(body)
      else {
        // A length given to `endWithoutBody` makes uWS wait for that many bytes: the next request would be cut off.
        if (length !== undefined) this.response.writeHeader('content-length', String(length))
        this.response.endWithoutBody()
      }
    })
  }

  begin(status: number, headers: Headers, size: number): void {
    this.size = size
    this.response.onWritable(offset => this.sendStalled(offset))
    this.response.cork(() => this.writeHead(status, headers))
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.gone) return undefined
    const start = this.response.getWriteOffset()
    let sent = false
    this.response.cork(() => {
      const [ok, ended] = this.response.tryEnd(bytes, this.size)
      sent = ok || ended
    })
    if (sent || this.gone) return undefined
    return new Promise(done => {
      this.stalled = { bytes, start, done }
    })
  }

  abort(): void {
    if (!this.gone) this.response.close()
  }

  private writeHead(status: number, headers: Headers): void {
    this.response.writeStatus(`${status} ${STATUS_TEXT[status] ?? ''}`)
    for (const [name, value] of Object.entries(headers)) this.response.writeHeader(name, value)
  }

  private sendStalled(offset: number): boolean {
    if (!this.stalled) return true
    const { bytes, start, done } = this.stalled
    const [ok, ended] = this.response.tryEnd(bytes.subarray(offset - start), this.size)
    if (ok || ended) {
      this.stalled = undefined
      done()
    }
    return ok
  }
}
