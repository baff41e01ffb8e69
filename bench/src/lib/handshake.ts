import { createHash, randomBytes } from 'node:crypto'
import type { Dialect } from './dialect.js'

/** The constant of RFC 6455, 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const HEAD_END = '\r\n\r\n'
const MAX_HEAD_BYTES = 16 * 1024

/** The client's side of one WebSocket handshake. */
export class Handshake {
  readonly request: string
  private readonly accept: string
  private head = Buffer.alloc(0)

  constructor(
    port: number,
    private readonly dialect: Pick<Dialect, 'path' | 'subprotocol'>,
  ) {
    const key = randomBytes(16).toString('base64')
    this.accept = createHash('sha1').update(`${key}${ACCEPT_GUID}`).digest('base64')
    this.request = [
      `GET ${dialect.path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Version: 13',
      ...(dialect.subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${dialect.subprotocol}`]),
      HEAD_END.slice(2),
    ].join('\r\n')
  }

  /** Takes bytes of the answer; once its head is complete and right, returns what follows it. */
  push(chunk: Buffer): Buffer | undefined {
    this.head = Buffer.concat([this.head, chunk])
    const end = this.head.indexOf(HEAD_END)
    if (end < 0) {
      if (this.head.length > MAX_HEAD_BYTES) throw new Error('the answer to the handshake does not end')
      return undefined
    }
    this.check(this.head.subarray(0, end).toString('latin1'))
    return this.head.subarray(end + HEAD_END.length)
  }

  private check(head: string): void {
    const [status = '', ...lines] = head.split('\r\n')
    const headers = new Map(lines.map(line => splitHeader(line)))
    if (!/^HTTP\/1\.1 101 /.test(status)) throw new Error(`the server refused the handshake: ${status}`)
    if (headers.get('sec-websocket-accept') !== this.accept) throw new Error('Sec-WebSocket-Accept is wrong')
    if (headers.get('sec-websocket-protocol') !== this.dialect.subprotocol) throw new Error('wrong subprotocol')
    if (headers.has('sec-websocket-extensions')) throw new Error('an extension was chosen that was not offered')
  }
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}
