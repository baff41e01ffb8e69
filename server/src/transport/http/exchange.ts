import { BodyQueue } from './body-queue.js'
import type { Headers, HttpChannel } from './channel.js'
import { announcesBody } from './framing.js'
import type { RequestHead } from './request.js'

/**
 * A request and its reply. Once the client is gone, writes do nothing and `signal` is aborted. Must be created within
 * the transport's handler, before anything is awaited.
 */
export class Exchange {
  private readonly abort = new AbortController()
  private readonly incoming: BodyQueue
  private state: 'open' | 'streaming' | 'replied' = 'open'
  private closes = false

  constructor(
    private readonly channel: HttpChannel,
    /** Headers sent with every reply. */
    private alwaysHeaders: Headers = {},
  ) {
    const incoming = new BodyQueue({
      pause: () => channel.pause(),
      resume: () => {
        // After the reply the connection belongs to the transport.
        if (this.state === 'open') channel.resume()
      },
    })
    this.incoming = incoming
    channel.onAborted(() => {
      this.state = 'replied'
      const gone = new Error('the client went away')
      this.abort.abort(gone)
      incoming.fail(gone)
    })
    if (!this.hasBody) incoming.end()
    else
      channel.onBody({
        data: bytes => {
          if (this.state === 'open') incoming.push(bytes)
        },
        end: () => incoming.end(),
      })
  }

  get request(): RequestHead {
    return this.channel.request
  }

  get remoteAddress(): string {
    return this.channel.remoteAddress
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

  /** Adds headers to the reply, whichever it is. */
  always(headers: Headers): void {
    this.alwaysHeaders = { ...this.alwaysHeaders, ...headers }
  }

  /** Do not read another request from this connection. */
  closeAfterReply(): void {
    this.closes = true
  }

  /**
   * The body in pieces. The client waits while the reader is behind. Ends early with an error if the client
   * disconnects.
   */
  body(): AsyncGenerator<Uint8Array> {
    return this.incoming.read()
  }

  /** Sends a reply. Closes the connection if the request body was not read. */
  reply(status: number, headers: Headers = {}, body: string | Uint8Array = ''): void {
    if (this.state !== 'open') return
    this.replyWhole(status, headers, { body, length: byteLength(body) })
  }

  /**
   * Replies with `size` bytes from a source. The source is opened only when needed and read only as fast as the client
   * reads. Throws if the source fails or ends early.
   */
  async stream(status: number, headers: Headers, size: number, open: () => AsyncIterable<Uint8Array>): Promise<void> {
    if (this.state !== 'open') return
    if (size === 0 || this.request.method === 'HEAD') {
      this.replyWhole(status, headers, { body: '', length: size })
      return
    }
    this.state = 'streaming'
    this.channel.begin(status, { ...this.alwaysHeaders, ...headers }, size)
    let left = size
    for await (const chunk of open()) {
      if (this.signal.aborted) return
      left -= chunk.byteLength
      await this.channel.write(chunk)
      if (left > 0) continue
      this.state = 'replied'
      return
    }
    if (!this.signal.aborted) throw new Error(`a source ended ${left} bytes early`)
  }

  /**
   * Aborts a reply that cannot be completed. Its length has been announced, so closing the connection is the only way
   * to tell the client.
   */
  breakOff(): void {
    if (this.state === 'streaming') this.channel.abort()
  }

  private replyWhole(
    status: number,
    headers: Headers,
    { body, length }: { readonly body: string | Uint8Array; readonly length: number },
  ): void {
    this.state = 'replied'
    const isHead = this.request.method === 'HEAD'
    const hasNoLength = status === 204 || status === 304
    this.channel.reply({
      status,
      headers: { ...this.alwaysHeaders, ...headers },
      body: isHead || hasNoLength ? undefined : body,
      length: isHead && !hasNoLength ? length : undefined,
      close: this.closes || !this.incoming.whole,
    })
  }
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}
