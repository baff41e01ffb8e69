import { assert } from '../../lib/assert.js'
import { ByteReader, EndOfStream } from './byte-reader.js'
import { NutFields, type NutMainHeader, parseMainHeader, readUnsigned } from './nut-header.js'

/** A frame of a NUT stream. */
export interface NutFrame {
  /** Presentation time in seconds. */
  readonly at: number
  readonly data: Uint8Array
}

const FILE_ID = 'nut/multimedia container\0'
// Second byte of the start codes, each of which begins with N.
const MAIN = 0x4d
const STREAM = 0x53
const SYNCPOINT = 0x4b
const FLAG = {
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const
// A frame header is at most this long: a code, seven numbers and a checksum. Frames are longer, so waiting for it never
// waits for the next frame.
const FRAME_HEADER_BYTES = 64
const MAX_ELIDED_FRAME_BYTES = 4096
const MAX_PACKET_BYTES = 1 << 20

/**
 * Reads the frames of a NUT stream that ffmpeg writes for one picture output: raw pictures, each with its own time.
 * The stream is our own ffmpeg's, so a fault in it is a bug and not bad input.
 */
export async function* readNut(source: AsyncIterable<Uint8Array>, maxFrameBytes: number): AsyncGenerator<NutFrame> {
  try {
    yield* readFrames(source, maxFrameBytes)
  } catch (error) {
    // A child that is killed may break off anywhere; what it wrote until then counts.
    if (!(error instanceof EndOfStream)) throw error
  }
}

async function* readFrames(source: AsyncIterable<Uint8Array>, maxFrameBytes: number): AsyncGenerator<NutFrame> {
  const reader = new ByteReader(source)
  const id = new Uint8Array(FILE_ID.length)
  if (!(await reader.read(id))) return
  assert(Buffer.from(id).toString('latin1') === FILE_ID, 'the output of ffmpeg is NUT')

  let main: NutMainHeader | undefined
  let ptsShift = 0
  let lastPts = 0
  for (;;) {
    await reader.fill(FRAME_HEADER_BYTES)
    if (reader.available === 0) return
    const code = reader.byte()
    if (code === 0x4e) {
      const packet = await readPacket(reader)
      if (packet === undefined) return
      const fields = new NutFields(packet.body)
      if (packet.kind === MAIN) main = parseMainHeader(packet.body)
      else if (packet.kind === STREAM) ptsShift = parsePtsShift(fields)
      else if (packet.kind === SYNCPOINT) lastPts = fields.unsigned()
      continue
    }
    assert(main !== undefined, 'a NUT frame follows the main header')
    const frame = readFrameHeader(reader, main, { code, ptsShift, lastPts })
    assert(frame.size <= maxFrameBytes, 'a NUT frame has the size of its picture')
    lastPts = frame.pts
    const data = new Uint8Array(frame.size)
    data.set(frame.prefix)
    if (!(await reader.read(data.subarray(frame.prefix.length)))) return
    yield { at: (frame.pts * main.numerator) / main.denominator, data }
  }
}

async function readPacket(reader: ByteReader): Promise<{ kind: number; body: Uint8Array } | undefined> {
  if (!(await reader.fill(7 + 5))) return undefined
  const kind = reader.byte()
  for (let index = 0; index < 6; index++) reader.byte()
  const length = readUnsigned(() => reader.byte())
  assert(length >= 4 && length <= MAX_PACKET_BYTES, 'a NUT packet has a sensible length')
  const headerChecksum = length > 4096 ? 4 : 0
  const bytes = new Uint8Array(headerChecksum + length)
  if (!(await reader.read(bytes))) return undefined
  return { kind, body: bytes.subarray(headerChecksum, -4) }
}

function parsePtsShift(fields: NutFields): number {
  fields.unsigned() // stream_id
  fields.unsigned() // stream_class
  fields.take(fields.unsigned()) // fourcc
  fields.unsigned() // time_base_id
  return fields.unsigned()
}

interface FrameState {
  readonly code: number
  readonly ptsShift: number
  readonly lastPts: number
}

function readFrameHeader(reader: ByteReader, main: NutMainHeader, state: FrameState) {
  const next = () => readUnsigned(() => reader.byte())
  const code = main.codes[state.code]
  assert(code !== undefined && !(code.flags & FLAG.invalid), 'a NUT frame has a valid code')
  const flags = code.flags & FLAG.coded ? code.flags ^ next() : code.flags
  assert(!(flags & FLAG.sideData), 'a NUT frame of version 3 has no side data')
  if (flags & FLAG.streamId) next()
  const pts = flags & FLAG.codedPts ? fullPts(next(), state) : state.lastPts + code.ptsDelta
  const size = code.sizeLsb + (flags & FLAG.sizeMsb ? code.sizeMultiplier * next() : 0)
  if (flags & FLAG.matchTime) next()
  const headerIndex = flags & FLAG.headerIndex ? next() : code.headerIndex
  const reserved = flags & FLAG.reserved ? next() : code.reserved
  for (let index = 0; index < reserved; index++) next()
  if (flags & FLAG.checksum) for (let index = 0; index < 4; index++) reader.byte()
  const prefix = main.elided[size > MAX_ELIDED_FRAME_BYTES ? 0 : headerIndex]
  assert(prefix !== undefined && prefix.length <= size, 'a NUT frame names a known header')
  return { pts, size, prefix }
}

// Times are coded by their low bits, relative to the frame before, while those suffice.
function fullPts(coded: number, { ptsShift, lastPts }: FrameState): number {
  const range = 2 ** ptsShift
  if (coded >= range) return coded - range
  const lowest = lastPts - Math.floor((range - 1) / 2)
  return lowest + ((((coded - lowest) % range) + range) % range)
}
