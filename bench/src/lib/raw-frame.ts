export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const

/** One client frame (RFC 6455, 5.2), right unless told to be wrong. */
export interface FrameShape {
  readonly opcode?: number
  readonly fin?: boolean
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number
  readonly masked?: boolean
  /** Four bytes. */
  readonly mask?: Buffer
  /** Length the header tells, in bytes, instead of the payload's own. */
  readonly announced?: bigint
  /** Bits the length is written with; the shortest that fit unless told. */
  readonly lengthBits?: 7 | 16 | 64
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d])

export function rawFrame(payload: Buffer, shape: FrameShape = {}): Buffer {
  const { opcode = OPCODE.text, fin = true, reserved = 0, masked = true, mask = MASK } = shape
  const announced = shape.announced ?? BigInt(payload.length)
  const bits = shape.lengthBits ?? (announced < 126n ? 7 : announced <= 0xffffn ? 16 : 64)
  const header = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10)
  header[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  header[1] = (masked ? 0x80 : 0) | (bits === 7 ? Number(announced & 0x7fn) : bits === 16 ? 126 : 127)
  if (bits === 16) header.writeUInt16BE(Number(announced & 0xffffn), 2)
  if (bits === 64) header.writeBigUInt64BE(BigInt.asUintN(64, announced), 2)
  if (!masked) return Buffer.concat([header, payload])
  const body = Buffer.from(payload)
  for (let at = 0; at < body.length; at++) body[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0)
  return Buffer.concat([header, mask, body])
}
