import { connect, type Socket } from 'node:net'
import { clientFrame } from './client-frame.js'
import type { CommandRing } from './command-ring.js'
import type { Dialect } from './dialect.js'
import { Handshake } from './handshake.js'
import { ServerFrames } from './server-frames.js'

/** Every such reply is read and compared with its command; the others are only counted. */
const CHECK_EVERY = 1009
const READ_BYTES = 64 * 1024

export interface Target {
  readonly port: number
  readonly dialect: Dialect
  readonly ring: CommandRing
}

/** One raw TCP connection that speaks just enough WebSocket to send prebuilt commands and count the replies. */
export class LoadConnection {
  sent = 0
  received = 0
  /** Called with the number of replies each read completed. */
  onReplies: (count: number) => void = () => undefined
  private readonly socket: Socket
  private readonly handshake: Handshake
  private readonly frames: ServerFrames
  private upgraded = false
  private closing = false

  /** `onOpen` is called when commands may be sent, `onFailure` when the connection cannot go on. */
  constructor(
    private readonly target: Target,
    private readonly on: { readonly open: () => void; readonly failure: (error: Error) => void },
  ) {
    this.handshake = new Handshake(target.port, target.dialect)
    this.frames = new ServerFrames((index, payload) => this.check(index, payload))
    this.socket = connect({
      host: '127.0.0.1',
      port: target.port,
      noDelay: true,
      // One buffer for all reads: a new one each time would cost more than counting the frames in it.
      onread: { buffer: Buffer.allocUnsafe(READ_BYTES), callback: (bytes, buffer) => this.read(buffer, bytes) },
    })
    this.socket.on('connect', () => this.socket.write(this.handshake.request))
    this.socket.on('error', error => this.fail(error))
    this.socket.on('close', () => this.fail(new Error('the server ended the connection')))
  }

  /** Sends the next `count` commands in one write. */
  send(count: number): void {
    this.socket.write(this.target.ring.slice(this.sent, count))
    this.sent += count
  }

  close(): void {
    this.closing = true
    this.socket.destroy()
  }

  private get openingFrames(): number {
    return this.target.dialect.opening.length
  }

  private read(buffer: Uint8Array, bytes: number): boolean {
    try {
      this.take(Buffer.from(buffer.buffer, buffer.byteOffset, bytes))
    } catch (error) {
      this.fail(error as Error)
    }
    return true
  }

  private take(chunk: Buffer): void {
    if (!this.upgraded) {
      const rest = this.handshake.push(chunk)
      if (!rest) return
      this.upgraded = true
      if (this.openingFrames === 0) this.on.open()
      chunk = rest
    }
    this.frames.push(chunk)
    const replies = this.frames.count - this.openingFrames - this.received
    if (replies <= 0) return
    this.received += replies
    this.onReplies(replies)
  }

  /** Compares a frame with what should come at its place, and chooses the next one to compare. */
  private check(index: number, payload: string): number {
    const { opening, isReply } = this.target.dialect
    const step = opening[index]
    if (step) {
      if (!step.expect.test(payload)) throw new Error(`unexpected first frames: ${payload.slice(0, 200)}`)
      if (step.answer !== undefined) this.socket.write(clientFrame(step.answer))
      if (index === opening.length - 1) this.on.open()
      return index + 1
    }
    const id = this.target.ring.idOf(index - opening.length)
    if (!isReply(payload, id)) throw new Error(`no reply to command ${id}: ${payload.slice(0, 200)}`)
    return index + CHECK_EVERY
  }

  private fail(error: Error): void {
    if (this.closing) return
    this.close()
    this.on.failure(error)
  }
}
