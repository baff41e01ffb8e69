import { connect, type Socket } from 'node:net'
import { cuewireDialect, type Dialect } from './dialect.js'
import { FrameReader } from './frame-reader.js'
import { Handshake } from './handshake.js'

interface WireOptions {
  readonly port: number
  readonly dialect?: Dialect
  /** Address to connect from: each has ports of its own. */
  readonly localAddress?: string
  readonly onText?: (payload: string) => void
}

/** One WebSocket connection as raw TCP: what is written goes out as it is, right or wrong. */
export class Wire {
  /** Settles when the connection has ended, whoever ended it; with the close code the server sent, if any. */
  readonly ended: Promise<number | undefined>
  readonly socket: Socket
  isEnded = false
  private isOpen = false
  private onOpen: () => void = () => undefined
  private closeCode: number | undefined

  constructor({ port, dialect = cuewireDialect, localAddress, onText }: WireOptions) {
    const handshake = new Handshake(port, dialect)
    const frames = new FrameReader({ text: text => onText?.(text), close: code => this.noteClose(code) })
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true, ...(localAddress && { localAddress }) })
    let upgraded = false
    this.socket.on('connect', () => this.socket.write(handshake.request))
    this.socket.on('data', chunk => {
      if (upgraded) {
        frames.push(chunk)
        return
      }
      try {
        const rest = handshake.push(chunk)
        if (!rest) return
        upgraded = true
        this.isOpen = true
        this.onOpen()
        frames.push(rest)
      } catch (error) {
        this.socket.destroy(error as Error)
      }
    })
    this.ended = new Promise(resolve => {
      // A reset is one of the ways a connection ends; `close` follows every error.
      this.socket.on('error', error => {
        this.error = error
      })
      this.socket.on('close', () => {
        this.isEnded = true
        resolve(this.closeCode)
      })
    })
  }

  /** Why the connection broke, if it did. */
  error: Error | undefined

  /** Resolves when the handshake is done; rejects when the connection ends before. */
  async opened(): Promise<void> {
    if (this.isOpen) return
    const open = new Promise<void>(resolve => {
      this.onOpen = resolve
    })
    await Promise.race([open, this.ended])
    if (!this.isOpen) throw new Error(`the server took no connection: ${this.error?.message ?? 'it was ended'}`)
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** Ends it with a reset: no port waits for late packets. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  private noteClose(code: number): void {
    this.closeCode = code
  }
}
