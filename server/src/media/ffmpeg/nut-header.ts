import { assert } from '../../lib/assert.js'

// Field names and tables after the NUT specification, https://ffmpeg.org/~michael/nut.txt (format version 3).
const INVALID = 8192

/** How a frame code abbreviates the header of a frame. */
export interface FrameCode {
  readonly flags: number
  readonly ptsDelta: number
  readonly sizeMultiplier: number
  readonly sizeLsb: number
  readonly reserved: number
  readonly headerIndex: number
}

export interface NutMainHeader {
  /** One tick lasts `numerator / denominator` seconds. */
  readonly numerator: number
  readonly denominator: number
  readonly codes: readonly FrameCode[]
  /** Bytes left off the start of frames, by header index. */
  readonly elided: readonly Uint8Array[]
}

/** Reads the numbers of a header packet. */
export class NutFields {
  #offset = 0

  constructor(readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.#offset >= this.bytes.length
  }

  take(length: number): Uint8Array {
    assert(this.#offset + length <= this.bytes.length, 'a NUT header ends early')
    this.#offset += length
    return this.bytes.subarray(this.#offset - length, this.#offset)
  }

  unsigned(): number {
    return readUnsigned(() => this.take(1)[0] ?? 0)
  }

  signed(): number {
    const value = this.unsigned() + 1
    return value % 2 === 1 ? -(value - 1) / 2 : value / 2
  }
}

/** A `v` of the specification: seven bits a byte, the highest first, the top bit set while more follow. */
export function readUnsigned(nextByte: () => number): number {
  let value = 0
  for (;;) {
    const byte = nextByte()
    value = value * 128 + (byte & 127)
    assert(Number.isSafeInteger(value), 'a NUT number is too large')
    if (byte < 128) return value
  }
}

/** Parses a main header of one stream and one time base, which is what ffmpeg writes for one picture output. */
export function parseMainHeader(bytes: Uint8Array): NutMainHeader {
  const fields = new NutFields(bytes)
  assert(fields.unsigned() === 3, 'NUT of version 3')
  assert(fields.unsigned() === 1, 'NUT with one stream')
  fields.unsigned() // max_distance
  assert(fields.unsigned() === 1, 'NUT with one time base')
  const numerator = fields.unsigned()
  const denominator = fields.unsigned()
  assert(numerator > 0 && denominator > 0, 'a NUT time base is positive')
  const codes = parseFrameCodes(fields)
  const elided: Uint8Array[] = [new Uint8Array(0)]
  const count = fields.done ? 0 : fields.unsigned()
  for (let index = 0; index < count; index++) elided.push(fields.take(fields.unsigned()))
  return { numerator, denominator, codes, elided }
}

function parseFrameCodes(fields: NutFields): FrameCode[] {
  const codes: FrameCode[] = []
  let [ptsDelta, sizeMultiplier, headerIndex] = [0, 1, 0]
  while (codes.length < 256) {
    const flags = fields.unsigned()
    const given = fields.unsigned()
    if (given > 0) ptsDelta = fields.signed()
    if (given > 1) sizeMultiplier = fields.unsigned()
    if (given > 2) assert(fields.unsigned() === 0, 'frame codes of stream 0')
    const sizeLsb = given > 3 ? fields.unsigned() : 0
    const reserved = given > 4 ? fields.unsigned() : 0
    const count = given > 5 ? fields.unsigned() : sizeMultiplier - sizeLsb
    if (given > 6) fields.signed() // match_time_delta
    if (given > 7) headerIndex = fields.unsigned()
    for (let extra = 8; extra < given; extra++) fields.unsigned()
    for (let index = 0; index < count && codes.length < 256; index++) {
      // The letter N begins a packet, so its place in the table is never a frame.
      if (codes.length === 0x4e)
        codes.push({ flags: INVALID, ptsDelta, sizeMultiplier, sizeLsb, reserved, headerIndex })
      codes.push({ flags, ptsDelta, sizeMultiplier, sizeLsb: sizeLsb + index, reserved, headerIndex })
    }
  }
  return codes
}
