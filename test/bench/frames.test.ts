import { clientFrame } from '@cuewire/bench/lib/client-frame.js'
import { CommandRing, RING_SIZE } from '@cuewire/bench/lib/command-ring.js'
import { cuewireDialect, echoDialect, socketIoDialect } from '@cuewire/bench/lib/dialect.js'
import { ServerFrames } from '@cuewire/bench/lib/server-frames.js'
import fc from 'fast-check'
import t from 'tap'

/** A frame as a server sends it: unmasked, the length in as few bytes as it takes. */
function serverFrame(firstByte: number, payload: Buffer): Buffer {
  const { length } = payload
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header.writeUInt8(firstByte, 0)
  header.writeUInt8(length < 126 ? length : length < 65_536 ? 126 : 127, 1)
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, payload])
}

/** Cuts bytes at the given places, in any order. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

const TEXT = 0x81
const PING = 0x89
const payloads = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 120, max: 130 }).map(length => 'x'.repeat(length)) },
  { weight: 2, arbitrary: fc.integer({ min: 65_530, max: 65_540 }).map(length => 'y'.repeat(length)) },
)
const streams = fc.array(fc.record({ payload: payloads, ping: fc.boolean() }), { minLength: 1, maxLength: 12 })
/** Places anywhere, and places within the header of a frame, where a parser is most easily wrong. */
const cuts = fc.array(fc.record({ anywhere: fc.nat(), frame: fc.nat(), inHeader: fc.option(fc.nat({ max: 10 })) }), {
  maxLength: 40,
  size: 'max',
})

t.test('any split of the stream counts the same frames and captures the same payloads', async () => {
  fc.assert(
    fc.property(streams, cuts, fc.integer({ min: 1, max: 3 }), (frames, places, step) => {
      const stream = frames.map(({ payload, ping }) =>
        ping ? serverFrame(PING, Buffer.from(payload).subarray(0, 125)) : serverFrame(TEXT, Buffer.from(payload)),
      )
      const captured: [number, string][] = []
      const parser = new ServerFrames((index, payload) => {
        captured.push([index, payload])
        return index + step
      })
      const starts = stream.map((_, index) => Buffer.concat(stream.slice(0, index)).length)
      const at = places.map(({ anywhere, frame, inHeader }) =>
        inHeader === null ? anywhere : (starts[frame % starts.length] ?? 0) + inHeader,
      )
      const counts = cut(Buffer.concat(stream), at).map(chunk => parser.push(chunk))

      const texts = frames.filter(({ ping }) => !ping).map(({ payload }) => Buffer.from(payload).toString())
      const expected = texts.map((text, index): [number, string] => [index, text]).filter(([i]) => i % step === 0)
      return (
        parser.count === texts.length &&
        counts.reduce((sum, count) => sum + count, 0) === texts.length &&
        JSON.stringify(captured) === JSON.stringify(expected)
      )
    }),
  )
})

t.test('a frame counts when its last byte is there, not before', async t => {
  const parser = new ServerFrames(() => Number.POSITIVE_INFINITY)
  const frame = serverFrame(TEXT, Buffer.from('answer'))
  for (let at = 0; at < frame.length - 1; at++) t.equal(parser.push(frame.subarray(at, at + 1)), 0)
  t.equal(parser.push(frame.subarray(-1)), 1)
})

const UNEXPECTED: readonly { readonly name: string; readonly bytes: Buffer; readonly message: RegExp }[] = [
  { name: 'a close frame', bytes: serverFrame(0x88, Buffer.from([3, 232])), message: /closed the connection/ },
  { name: 'a fragment', bytes: serverFrame(0x01, Buffer.from('part')), message: /unexpected frame header/ },
  { name: 'a continuation', bytes: serverFrame(0x80, Buffer.from('part')), message: /unexpected frame header/ },
  { name: 'a binary frame', bytes: serverFrame(0x82, Buffer.from('data')), message: /unexpected frame header/ },
  { name: 'a compressed frame', bytes: serverFrame(0xc1, Buffer.from('data')), message: /unexpected frame header/ },
  { name: 'a masked frame', bytes: clientFrame('{}'), message: /unexpected frame header/ },
]

for (const { name, bytes, message } of UNEXPECTED) {
  t.test(`${name} is refused`, async t => {
    t.throws(() => new ServerFrames(index => index + 1).push(bytes), { message })
  })
}

/** Reads one masked text frame by the letter of RFC 6455, 5.2. */
function readClientFrame(bytes: Buffer): string {
  t.equal(bytes.readUInt8(0), TEXT)
  t.equal(bytes.readUInt8(1) & 0x80, 0x80, 'masked')
  const short = bytes.readUInt8(1) & 0x7f
  const start = short === 126 ? 4 : 2
  const length = short === 126 ? bytes.readUInt16BE(2) : short
  const mask = bytes.subarray(start, start + 4)
  const body = bytes.subarray(start + 4)
  t.equal(body.length, length)
  return Buffer.from(body.map((byte, index) => byte ^ mask.readUInt8(index % 4))).toString()
}

t.test('a built frame unmasks to its payload, whatever the mask', async t => {
  for (const length of [0, 1, 125, 126, 127, 65_535]) {
    const payload = 'z'.repeat(length)
    t.equal(readClientFrame(clientFrame(payload)), payload, `${length} bytes`)
  }
  fc.assert(
    fc.property(payloads, fc.uint8Array({ minLength: 4, maxLength: 4 }), (text, mask) => {
      const payload = Buffer.from(text).toString()
      fc.pre(Buffer.byteLength(payload) <= 65_535)
      return readClientFrame(clientFrame(payload, Buffer.from(mask))) === payload
    }),
    { numRuns: 30 },
  )
})

t.test('a payload too long for a prebuilt frame is refused', async t => {
  t.throws(() => clientFrame('x'.repeat(65_536)), { name: 'RangeError', message: /65536/ })
})

for (const [name, dialect] of Object.entries({ echoDialect, cuewireDialect, socketIoDialect })) {
  t.test(`a slice of the ring holds the commands of ${name} in their order, over the end of the ring too`, async t => {
    const ring = new CommandRing(dialect)
    const frameBytes = ring.slice(0, 1).length
    for (const [start, count] of [
      [0, 3],
      [RING_SIZE - 2, 4],
      [5 * RING_SIZE + 7, 1],
    ] as const) {
      const slice = ring.slice(start, count)
      const texts = Array.from({ length: count }, (_, index) =>
        readClientFrame(slice.subarray(index * frameBytes, (index + 1) * frameBytes)),
      )
      t.same(
        texts,
        texts.map((_, index) => dialect.command(ring.idOf(start + index))),
      )
    }
    t.throws(() => ring.slice(0, RING_SIZE + 1), { name: 'RangeError' })
  })
}
