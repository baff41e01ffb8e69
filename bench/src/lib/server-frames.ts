import { headerBytes, payloadBytes } from './frame-header.js'

const TEXT = 0x1
const CLOSE = 0x8
const FIN = 0x80
const LONGEST_HEADER = 10

/**
 * Takes the payload of the text frame that was asked for, counted from 0, and says which later one it wants next.
 */
export type Capture = (index: number, payload: string) => number

/**
 * Counts the text frames a server sends by their headers alone, over any split of the byte stream. It understands
 * what the servers measured here send: whole, uncompressed text frames; pings and pongs are skipped, all else throws.
 */
export class ServerFrames {
  /** Complete text frames so far. */
  count = 0
  private readonly header = Buffer.alloc(LONGEST_HEADER)
  private headerLength = 0
  /** Payload bytes of the current frame that are still to come. */
  private missing = 0
  private inPayload = false
  private isText = false
  private captured: Buffer[] = []

  constructor(
    private readonly capture: Capture,
    private wanted = 0,
  ) {}

  /** Takes the next bytes of the stream and returns how many text frames they completed. */
  push(chunk: Buffer): number {
    const before = this.count
    let at = 0
    while (at < chunk.length) {
      at = this.inPayload ? this.takePayload(chunk, at) : this.takeHeader(chunk, at)
    }
    return this.count - before
  }

  private takeHeader(chunk: Buffer, at: number): number {
    if (this.headerLength === 0 && chunk.length - at >= LONGEST_HEADER) {
      return at + this.begin(chunk, at)
    }
    this.header[this.headerLength++] = chunk.readUInt8(at)
    if (this.headerLength >= 2 && this.headerLength === headerBytes(this.header.readUInt8(1))) {
      this.headerLength = 0
      this.begin(this.header, 0)
    }
    return at + 1
  }

  /** Reads a complete header and returns its length. */
  private begin(bytes: Buffer, at: number): number {
    const first = bytes.readUInt8(at)
    const second = bytes.readUInt8(at + 1)
    const opcode = first & 0x0f
    if (opcode === CLOSE) throw new Error('the server closed the connection')
    if ((first & 0xf0) !== FIN || (second & 0x80) !== 0 || (opcode !== TEXT && opcode < CLOSE)) {
      throw new Error(`unexpected frame header 0x${first.toString(16)} 0x${second.toString(16)} from the server`)
    }
    this.isText = opcode === TEXT
    this.missing = payloadBytes(bytes, at)
    this.inPayload = true
    if (this.missing === 0) this.end()
    return headerBytes(second)
  }

  private takePayload(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.missing)
    if (this.isText && this.count === this.wanted) this.captured.push(Buffer.from(chunk.subarray(at, end)))
    this.missing -= end - at
    if (this.missing === 0) this.end()
    return end
  }

  private end(): void {
    this.inPayload = false
    if (!this.isText) return
    const index = this.count++
    if (index !== this.wanted) return
    const payload = Buffer.concat(this.captured).toString()
    this.captured = []
    this.wanted = this.capture(index, payload)
  }
}
