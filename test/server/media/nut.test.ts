import { spawnSync } from 'node:child_process'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import { readNut } from '@cuewire/server/media/ffmpeg/nut.js'
import { NutFields } from '@cuewire/server/media/ffmpeg/nut-header.js'
import { parsePacket } from '@cuewire/server/media/ffmpeg/packets.js'
import fc from 'fast-check'
import t from 'tap'

const [width, height] = [16, 8]

async function nutFile(): Promise<Buffer> {
  const { ffmpeg } = await findBinaries({})
  const picture = ['-f', 'lavfi', '-i', `testsrc=size=${width}x${height}:rate=25:duration=1`]
  // Steps from 40 ms to 72 minutes, so that times are written both in short and in full.
  const times = ['-vf', 'setpts=PTS+if(gt(N\\,10)\\,1000/TB)+if(gt(N\\,20)\\,3600/TB)', '-vsync', 'passthrough']
  const output = ['-enc_time_base', '1:1000000', '-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'nut', 'pipe:1']
  return spawnSync(ffmpeg, ['-v', 'error', '-nostdin', ...picture, ...times, ...output], { maxBuffer: 1 << 26 }).stdout
}

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(offset, offset + size)
    offset += size
  }
}

async function read(bytes: Uint8Array, sizes: readonly number[]) {
  const frames: { at: number; bytes: number }[] = []
  for await (const { at, data } of readNut(pieces(bytes, sizes), width * height * 3))
    frames.push({ at, bytes: data.length })
  return frames
}

const expected = Array.from({ length: 25 }, (_, n) => ({
  at: Math.round(n * 40 + (n > 10 ? 1e6 : 0) + (n > 20 ? 3.6e6 : 0)) / 1000,
  bytes: width * height * 3,
}))

t.test('the frames and times of a NUT stream are read however its bytes arrive', async t => {
  const bytes = await nutFile()
  t.same(await read(bytes, [bytes.length]), expected)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }), async sizes => {
      t.same(await read(bytes, sizes), expected)
    }),
    { numRuns: 30 },
  )
})

t.test('a stream that breaks off gives its whole frames and no part of one', async t => {
  const bytes = await nutFile()
  // Every length within the last two frames, so that the cut falls on each byte of a header too.
  for (let length = bytes.length; length > bytes.length - 2 * 400; length--) {
    const frames = await read(bytes.subarray(0, length), [997])
    t.same(frames, expected.slice(0, frames.length), `cut at ${length}`)
  }
})

t.test('numbers of a header are read as they were written', t => {
  const write = (value: number): number[] => {
    const bytes = [value % 128]
    for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 + (rest % 128))
    return bytes
  }
  fc.assert(
    fc.property(fc.maxSafeNat(), value => {
      t.equal(new NutFields(Uint8Array.from(write(value))).unsigned(), value)
    }),
  )
  fc.assert(
    fc.property(fc.integer(), value => {
      const coded = value > 0 ? value * 2 - 1 : -value * 2
      t.equal(new NutFields(Uint8Array.from(write(coded))).signed() + 0, value + 0)
    }),
  )
  t.throws(() => new NutFields(Uint8Array.of(0x80)).unsigned(), /ends early/)
  t.end()
})

t.test('a packet line gives its stream and end, and anything else gives nothing', t => {
  t.same(parsePacket('stream_index=1|pts_time=1.5|dts_time=1.4|duration_time=0.25|flags=K_'), {
    stream: 1,
    end: 1.75,
    encrypted: false,
  })
  t.same(parsePacket('stream_index=0|pts_time=N/A|dts_time=2|duration_time=N/A|side_data_type=Encryption info'), {
    stream: 0,
    end: 2,
    encrypted: true,
  })
  t.equal(parsePacket('stream_index=0|pts_time=1|dts_time=1|flags=_D'), undefined, 'left out by an edit list')
  t.equal(parsePacket('stream_index=0|pts_time=N/A|dts_time=N/A'), undefined)
  fc.assert(
    fc.property(fc.string(), line => {
      const packet = parsePacket(line)
      t.ok(packet === undefined || (Number.isInteger(packet.stream) && Number.isFinite(packet.end)))
    }),
  )
  t.end()
})
