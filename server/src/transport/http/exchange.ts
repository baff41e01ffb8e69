import { BodyQueue } from './body-queue.js'
import type { Headers, HttpChannel } from './channel.js'
import { announcesBody } from './framing.js'
import type { RequestHead } from './request.js'

/**
 * A request and its one reply. Knows when the client went away: after that, writes do nothing and `signal` is aborted.
 * Must be made within the transport's handler, before anything is awaited.
 */
export class Exchange {
  private readonly abort = new AbortController()
  private readonly incoming: BodyQueue
  private state: 'open' | 'streaming' | 'replied' = 'open'
  private closes = false

  constructor(
    private readonly channel: HttpChannel,
    /** Sent with the reply, whatever it is. */
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

  /** Ends a reply that cannot be completed. As its length is promised already, only closing the connection tells the client. */
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
