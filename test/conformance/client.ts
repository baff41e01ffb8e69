import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import type { Test } from 'tap'
import { WebSocket } from 'ws'

/** What PROTOCOL.md says a frame of the server may hold. */
export interface Frame {
  readonly type: string
  readonly id?: number
  readonly topic?: string
  readonly seq?: number
  readonly data?: Record<string, unknown>
  readonly error?: { readonly code: string }
}

export interface Answer {
  readonly status: number
  /** Of `application/problem+json`. */
  readonly code: string | undefined
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}

const PATIENCE_MS = 30_000

/** A client made from PROTOCOL.md alone: it knows frames, ids and close codes, and nothing of the server's code. */
export class Client {
  readonly frames: Frame[] = []
  readonly closed: Promise<number>
  private readonly wakes = new Set<() => void>()
  private lastId = 0
  private ended = false

  private constructor(readonly socket: WebSocket) {
    socket.on('message', text => {
      this.frames.push(JSON.parse(String(text)) as Frame)
      this.wake()
    })
    this.closed = new Promise(resolve => {
      socket.on('close', code => {
        this.ended = true
        resolve(code)
        this.wake()
      })
    })
  }

  /** Opens the socket and waits for `hello`, or for the close that comes in its place. */
  static async open(t: Test, port: number, token?: string): Promise<Client> {
    const protocols = ['cuewire.v1', ...(token === undefined ? [] : [`bearer.${token}`])]
    const client = new Client(new WebSocket(`ws://127.0.0.1:${port}/v1/socket`, protocols))
    t.teardown(() => client.socket.terminate())
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', resolve)
      client.socket.once('error', reject)
    })
    await client.until(() => client.ended || client.frames.length > 0)
    return client
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** Sends a command and resolves with its one reply or error. */
  async command(type: string, data: object = {}, more: object = {}): Promise<Frame> {
    const id = ++this.lastId
    this.send({ type, id, data, ...more })
    return this.next(frame => frame.id === id)
  }

  /** The error code a command is answered with; `reply` where it succeeded. */
  async codeOf(type: string, data: object = {}, more: object = {}): Promise<string> {
    const { error } = await this.command(type, data, more)
    return error?.code ?? 'reply'
  }

  /** The first frame, of all that came or will come, that fits. */
  async next(fits: (frame: Frame) => boolean): Promise<Frame> {
    await this.until(() => this.ended || this.frames.some(fits))
    const frame = this.frames.find(fits)
    if (!frame) throw new Error('the socket closed before such a frame came')
    return frame
  }

  /** The code of the first `error` without an id, as faulty frames get. */
  async nextError(): Promise<string> {
    const { error } = await this.next(frame => frame.type === 'error' && frame.id === undefined)
    return error?.code ?? ''
  }

  private async until(done: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS
    while (!done()) {
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`nothing of that kind came within ${PATIENCE_MS} ms`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.wakes.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  private wake(): void {
    for (const wake of this.wakes) wake()
    this.wakes.clear()
  }
}

/** One HTTP request. */
export function ask(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body && { 'content-length': String(body.byteLength) }
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...length, ...headers },
      agent: false,
    })
    outgoing.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, code: undefined, headers: response.headers, text: '' })
    })
    outgoing.on('response', response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const isProblem = response.headers['content-type'] === 'application/problem+json'
        const code = isProblem && text ? (JSON.parse(text) as { code: string }).code : undefined
        resolve({ status: response.statusCode ?? 0, code, headers: response.headers, text })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** The headers of a correct handshake. */
export const HANDSHAKE = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'cuewire.v1',
}

/** The rows of the table below a heading of PROTOCOL.md, cell by cell. */
export function documented(heading: string): string[][] {
  const text = readFileSync('protocol/PROTOCOL.md', 'utf8')
  const [, after = ''] = text.split(`\n${heading}\n`)
  const [table = ''] = after.trim().split('\n\n')
  return table
    .split('\n')
    .filter(line => line.startsWith('| '))
    .slice(2)
    .map(row => row.split('|').map(cell => cell.trim().replaceAll('`', '')))
    .map(([, ...cells]) => cells)
}
