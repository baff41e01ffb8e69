import { headerBytes, payloadBytes } from './frame-header.js'

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
    const from = at + headerBytes(bytes.readUInt8(at + 1))
    return from > bytes.length ? undefined : { from, to: from + payloadBytes(bytes, at) }
  }

  private take(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) this.on.text(payload.toString())
    else if (opcode === CLOSE) this.on.close(payload.length >= 2 ? payload.readUInt16BE(0) : 1005)
  }
}
