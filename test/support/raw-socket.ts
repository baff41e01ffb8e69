import { SUBPROTOCOL } from '@cuewire/protocol'
import type { Test } from 'tap'
import { WebSocket } from 'ws'

export interface Frame {
  readonly type: string
  readonly id?: number | string
  readonly topic?: string
  readonly seq?: number
  readonly data?: Record<string, unknown>
  readonly error?: { readonly code: string; readonly message: string; readonly details?: { pointer: string }[] }
}

/** How long a test waits for a frame before it fails. */
const PATIENCE_MS = 20_000

/** A plain WebSocket client that keeps every frame, so that none is missed. It closes with the test. */
export class RawSocket {
  readonly frames: Frame[] = []
  closed: { code: number; reason: string } | undefined
  private readonly waiting = new Set<() => void>()
  private taken = 0

  private constructor(readonly socket: WebSocket) {
    socket.on('message', data => {
      this.frames.push(JSON.parse(String(data)) as Frame)
      this.wake()
    })
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
      this.wake()
    })
    socket.on('error', () => this.wake())
  }

  /** Connects, with a token where one is given, and waits for `hello`. */
  static async open(t: Test, port: number, token?: string): Promise<RawSocket> {
    const raw = RawSocket.start(t, port, token)
    await raw.next(frame => frame.type === 'hello')
    return raw
  }

  /** The same without waiting. */
  static start(t: Test, port: number, token?: string): RawSocket {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const raw = new RawSocket(new WebSocket(`ws://127.0.0.1:${port}/v1/socket`, SUBPROTOCOL, { headers }))
    t.teardown(() => raw.socket.terminate())
    return raw
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** Sends a command and waits for its reply or error. */
  async command(type: string, data?: object, id: number | string = `${type} ${this.frames.length}`): Promise<Frame> {
    this.send({ type, id, ...(data && { data }) })
    return this.next(frame => frame.id === id)
  }

  /** The next frame, of those not yet taken, that fits; earlier ones are passed over. */
  async next(fits: (frame: Frame) => boolean = () => true): Promise<Frame> {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      while (this.taken < this.frames.length) {
        const frame = this.frames[this.taken++]
        if (frame && fits(frame)) return frame
      }
      if (this.closed) throw new Error(`the socket closed with ${this.closed.code} ${this.closed.reason}`)
      await this.news(deadline)
    }
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    const deadline = Date.now() + PATIENCE_MS
    while (!this.closed) await this.news(deadline)
    return this.closed
  }

  private async news(deadline: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('no such frame came in time')),
        Math.max(0, deadline - Date.now()),
      )
      const wake = () => {
        clearTimeout(timer)
        this.waiting.delete(wake)
        resolve()
      }
      this.waiting.add(wake)
    })
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake()
  }
}
