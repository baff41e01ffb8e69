import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface RawResponse {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How long a test waits for a response before it fails. */
const PATIENCE_MS = 20_000

/** One connection that sends bytes as they are told and reads responses one by one. It closes with the test. */
export class RawHttp {
  private parts: Buffer[] = []
  private received = 0
  private wake: (() => void) | undefined
  private ended = false

  private constructor(readonly socket: Socket) {
    socket.setNoDelay(true)
    socket.on('data', bytes => {
      this.parts.push(bytes)
      this.received += bytes.length
      this.wake?.()
    })
    // A reset is an end too.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.ended = true
      this.wake?.()
    })
  }

  static open(t: Test, port: number): RawHttp {
    const raw = new RawHttp(connect(port, '127.0.0.1'))
    t.teardown(() => raw.socket.destroy())
    return raw
  }

  send(bytes: string | Uint8Array): this {
    this.socket.write(bytes)
    return this
  }

  /** Sends a request; headers and body are written as they are given. */
  request(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body = ''): this {
    const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
    return this.send(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  }

  /** The next response to a request of this method; undefined when the connection ends before it is whole. */
  async response(method = 'GET'): Promise<RawResponse | undefined> {
    const end = await this.find('\r\n\r\n')
    if (end < 0) return undefined
    const [first = '', ...lines] = this.take(end + 4)
      .trim()
      .split('\r\n')
    const status = Number(first.split(' ')[1])
    const headers = Object.fromEntries(
      lines.map(line => [line.split(':')[0]?.toLowerCase(), line.replace(/.*?: ?/, '')]),
    )
    const bodiless = method === 'HEAD' || status === 204 || status === 304
    const length = bodiless ? 0 : Number(headers['content-length'] ?? 0)
    if (!(await this.until(() => this.received >= length))) return undefined
    return { status, headers, body: this.take(length) }
  }

  /** Everything that comes until the other side closes. */
  async rest(): Promise<string> {
    await this.until(() => false)
    return this.take(this.received)
  }

  private take(length: number): string {
    const all = this.joined()
    this.parts = [all.subarray(length)]
    this.received = all.length - length
    return all.toString('latin1', 0, length)
  }

  private joined(): Buffer {
    const all = Buffer.concat(this.parts)
    this.parts = [all]
    return all
  }

  private async find(text: string): Promise<number> {
    await this.until(() => this.joined().includes(text))
    return this.joined().indexOf(text)
  }

  /** True once it is done; false when the connection ended before. */
  private async until(done: () => boolean): Promise<boolean> {
    const deadline = Date.now() + PATIENCE_MS
    while (!done()) {
      if (this.ended) return false
      if (Date.now() > deadline) throw new Error('neither a response nor the end of the connection came in time')
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, PATIENCE_MS)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return true
  }
}
