const CLOSE = 0x8
const TEXT = 0x1

export interface FrameHandler {
  readonly text: (payload: string) => void
  /** 1005 when the frame tells no code. */
  readonly close: (code: number) => void
}

/** Reads the frames of a server, which are whole and unmasked, over any split of the byte stream. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0)

  constructor(private readonly on: FrameHandler) {}

  push(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk
    let at = 0
    for (;;) {
      const end = this.frameEnd(bytes, at)
      if (end === undefined || end.to > bytes.length) break
      this.take(bytes.readUInt8(at) & 0x0f, bytes.subarray(end.from, end.to))
      at = end.to
    }
    this.rest = Buffer.from(bytes.subarray(at))
  }

  private frameEnd(bytes: Buffer, at: number): { readonly from: number; readonly to: number } | undefined {
    if (bytes.length - at < 2) return undefined
    const second = bytes.readUInt8(at + 1)
    const header = second === 127 ? 10 : second === 126 ? 4 : 2
    if (bytes.length - at < header) return undefined
    const length =
      header === 2 ? second : header === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    return { from: at + header, to: at + header + length }
  }

  private take(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) this.on.text(payload.toString())
    else if (opcode === CLOSE) this.on.close(payload.length >= 2 ? payload.readUInt16BE(0) : 1005)
  }
}
