import { readFile, writeFile } from 'node:fs/promises'
import type { MediaInfo } from '@cuewire/protocol'
import t, { type Test } from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'
import { colourOf, type PassOptions, pass, soundOf, timesOf } from '../../support/passes.js'

// A service name in MPEG-TS makes a static ffprobe load character sets of the system, and crash.
process.env['GCONV_PATH'] = '/nonexistent'

type Clips = Awaited<ReturnType<typeof clipMaker>>

const lavfi = (graph: string) => ['-f', 'lavfi', '-i', graph]
const INFO: MediaInfo = { container: '', duration: 3, subtitles: [], chapters: [] }
const VIDEO = { codec: '', width: 64, height: 36, frameRate: 5, rotation: 0 }
const AUDIO = { codec: '', sampleRate: 48_000, channels: 2 }
const TONE = 'sine=frequency=440'
const FFV1 = ['-c:v', 'ffv1']

/** Runs a test with every ffmpeg, on clips made anew for each. */
function withEach(name: string, run: (t: Test, tools: Tools) => Promise<void>): void {
  for (const { name: version, media } of installations) {
    t.test(`${name} (${version})`, async t => {
      const clips = await clipMaker(t)
      const decode: Tools['decode'] = async (file, options) =>
        await pass(media, file, { audioFile: clips.path('sound.pcm'), ...options })
      await run(t, { clips, decode })
    })
  }
}

interface Tools {
  readonly clips: Clips
  decode(file: string, options?: Omit<PassOptions, 'audioFile'>): ReturnType<typeof pass>
}

/** Puts files together as `cat` does. */
async function joined(clips: Clips, name: string, parts: readonly string[]): Promise<string> {
  await writeFile(clips.path(name), Buffer.concat(await Promise.all(parts.map(part => readFile(part)))))
  return clips.path(name)
}

withEach('a picture that is held is shown until the next one, and the last until the end', async (t, tools) => {
  const { clips, decode } = tools
  // Red until 2.3 s, then one green picture that stands still until a blue one at 7 s.
  const graph = `color=red:s=64x36:r=10:d=2.3[a];color=green:s=64x36:r=10:d=0.1[b];color=blue:s=64x36:r=10:d=0.1[c];
    [a][b][c]concat=n=3,setpts='if(eq(N,24),7/TB,PTS)'`
  const held = ['-vsync', 'passthrough', '-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p']
  const file = await clips.make('held.mp4', [...lavfi(graph), ...lavfi('aevalsrc=0:d=10'), ...held])
  const { picture, every, sampled, duration } = await decode(file)
  t.equal(every.length, 25)
  t.same(sampled.map(colourOf).slice(0, 8), ['red', 'red', 'red', 'green', 'green', 'green', 'green', 'blue'])
  t.same(timesOf(sampled).slice(0, 8), [0, 1, 2, 3, 4, 5, 6, 7])
  t.equal(picture?.fault, undefined)
  t.equal(picture?.end, duration)
  t.ok(Math.abs(duration - 10) < 0.2)

  const later = await decode(file, { from: 5 })
  t.same(later.sampled.map(colourOf).slice(0, 3), ['green', 'green', 'blue'], 'also where a pass begins in the middle')
  t.same(timesOf(later.sampled).slice(0, 3), [5, 6, 7])
  t.same(timesOf(later.every), [7])
})

withEach('one picture is enough', async (t, { clips, decode }) => {
  const still = await clips.make('still.mp4', [
    ...[...lavfi('color=red:s=64x36:r=1/10'), '-frames:v', '1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-r', '1/10'],
  ])
  const shown = await decode(still)
  t.equal(shown.every.length, 1)
  t.same(timesOf(shown.sampled), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  t.match(shown, { picture: { end: 10, fault: undefined }, duration: 10 })

  const flash = await decode(await clips.make('flash.mkv', [...lavfi('color=red:s=64x36:r=25:d=0.04'), ...FFV1]))
  t.same([timesOf(flash.every), timesOf(flash.sampled)], [[0], [0]])
})

withEach('the shorter of picture and sound takes nothing from the longer', async (t, { clips, decode }) => {
  const picture = await decode(
    await clips.make('a.mkv', [...lavfi('testsrc=r=5:d=8'), ...lavfi(`${TONE}:d=2`), ...FFV1]),
  )
  t.equal(picture.every.length, 40)
  t.match(picture, { picture: { fault: undefined }, sound: { fault: undefined } })
  t.equal(picture.picture?.end, picture.duration)
  t.ok(Math.abs(soundOf(picture.samples).seconds - 2) < 0.1)

  const sound = await decode(await clips.make('b.mkv', [...lavfi('testsrc=r=5:d=2'), ...lavfi(`${TONE}:d=8`), ...FFV1]))
  t.equal(sound.every.length, 10)
  t.match(sound, { picture: { fault: undefined }, sound: { fault: undefined } })
  t.ok(Math.abs((sound.picture?.end ?? 0) - 8) < 0.1, 'the last picture stays on the screen')
  t.ok(Math.abs(soundOf(sound.samples).seconds - 8) < 0.1)
})

const PICTURES: readonly (readonly [name: string, file: string, args: readonly string[]])[] = [
  ['of one pixel', 'a.mkv', ['-vf', 'scale=1:1', ...FFV1]],
  ['of 3 x 7', 'a.mkv', ['-vf', 'scale=3:7', ...FFV1]],
  ['of 8191 x 2', 'a.mkv', ['-vf', 'scale=8191:2', ...FFV1]],
  ['of 2 x 4001', 'a.mkv', ['-vf', 'scale=2:4001', ...FFV1]],
  ['interlaced', 'a.mpg', ['-c:v', 'mpeg2video', '-flags', '+ilme+ildct', '-top', '1']],
  ['of 10 bits', 'a.mkv', [...FFV1, '-pix_fmt', 'yuv420p10le']],
  ['of 16 bits', 'a.mkv', [...FFV1, '-pix_fmt', 'rgb48le']],
  ['grey', 'a.mkv', [...FFV1, '-pix_fmt', 'gray']],
  ['with transparency', 'a.mov', ['-c:v', 'qtrle', '-pix_fmt', 'argb']],
  ['with a palette', 'a.avi', ['-c:v', 'rawvideo', '-pix_fmt', 'pal8']],
  ['of PNG files', 'a.mov', ['-c:v', 'png', '-pix_fmt', 'rgba']],
  ['in a box of another shape', 'a.mp4', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-vf', 'setsar=16/9']],
  ['of one frame a second', 'a.mp4', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-r', '1']],
]
for (const [name, file, args] of PICTURES) {
  withEach(`a picture ${name}`, async (t, { clips, decode }) => {
    const { every, sampled, picture } = await decode(
      await clips.make(file, [...lavfi('testsrc=s=64x36:r=5:d=3'), ...lavfi(`${TONE}:d=3`), ...args]),
    )
    t.ok(args.includes('-r') ? every.length >= 3 : every.length === 15, `${every.length} frames`)
    t.same(timesOf(sampled).slice(0, 3), [0, 1, 2])
    t.equal(picture?.fault, undefined)
  })
}

withEach('a picture that changes its size on the way', async (t, { clips, decode }) => {
  const codecs = ['-c:v', 'mpeg2video', '-g', '5', '-muxdelay', '0']
  const part = (name: string, size: string, start: number) =>
    clips.make(name, [...lavfi(`testsrc=s=${size}:r=5:d=2`), ...codecs, '-output_ts_offset', String(start)])
  const parts = [await part('small.ts', '64x36', 10), await part('large.ts', '128x96', 12)]
  const { every, sampled, picture } = await decode(await joined(clips, 'sizes.ts', parts))
  // ffmpeg itself loses the last picture before the change.
  t.ok(every.length >= 19, `${every.length} frames`)
  t.same(timesOf(sampled).slice(0, 4), [0, 1, 2, 3])
  t.equal(picture?.fault, undefined)
})

const SOUNDS: readonly (readonly [name: string, file: string, args: readonly string[]])[] = [
  ['of 8 kHz and 8 bits', 'a.wav', ['-ar', '8000', '-c:a', 'pcm_u8']],
  ['of 96 kHz in floating point', 'a.wav', ['-ar', '96000', '-c:a', 'pcm_f32le']],
  ['of 24 bits', 'a.wav', ['-c:a', 'pcm_s24le']],
  ['of the telephone', 'a.wav', ['-ar', '8000', '-c:a', 'pcm_alaw']],
  ['uncompressed in MOV', 'a.mov', ['-c:a', 'pcm_s16be']],
  ['in Opus', 'a.opus', ['-ar', '48000', '-c:a', 'libopus']],
  ['in FLAC of 192 kHz', 'a.flac', ['-ar', '192000']],
  ['in 5.1', 'a.mkv', ['-ac', '6', '-c:a', 'ac3']],
]
for (const [name, file, args] of SOUNDS) {
  withEach(`sound ${name}`, async (t, { clips, decode }) => {
    const { sound, samples } = await decode(await clips.make(file, [...lavfi(`${TONE}:d=2`), ...args]))
    const { seconds, heardFrom } = soundOf(samples)
    t.ok(Math.abs(seconds - 2) < 0.1, `${seconds} s`)
    t.ok(heardFrom >= 0 && heardFrom < 0.1)
    t.equal(sound?.fault, undefined)
  })
}

withEach('sound whose rate and channels change on the way keeps its times', async (t, { clips, decode }) => {
  const part = (name: string, args: readonly string[]) => clips.make(name, [...lavfi(`${TONE}:d=2`), ...args])
  const mono = await part('mono.ac3', ['-ac', '2', '-ar', '48000', '-b:a', '96k'])
  const surround = await part('surround.ac3', ['-ac', '6', '-ar', '44100', '-b:a', '192k'])
  for (const parts of [
    [mono, surround],
    [surround, mono],
  ]) {
    const whole = await joined(clips, 'changes.ac3', parts)
    const { samples, sound } = await decode(whole, { media: { ...INFO, container: 'ac3', audio: AUDIO, duration: 4 } })
    const { seconds, heardFrom } = soundOf(samples)
    t.ok(Math.abs(seconds - 4) < 0.2, `${seconds} s`)
    t.ok(heardFrom < 0.1)
    t.equal(sound?.fault, undefined)
  }
})

withEach('sound with a hole, and sound that begins late, keep their times', async (t, { clips, decode }) => {
  const graph = `${TONE}:d=6,aselect='lt(t,1)+gte(t,4)'`
  const hole = await decode(await clips.make('hole.mkv', [...lavfi(graph), '-c:a', 'pcm_s16le']))
  const loud = (at: number) =>
    (hole.samples?.subarray(at * 16_000, at * 16_000 + 800) ?? []).some(s => Math.abs(s) > 500)
  t.same([0.5, 1.5, 3.5, 4.5, 5.5].map(loud), [true, false, false, true, true])
  t.ok(Math.abs(soundOf(hole.samples).seconds - 6) < 0.1)

  const late = await clips.make('late.mkv', [
    ...[...lavfi('testsrc=s=64x36:r=5:d=4'), '-itsoffset', '1.5', ...lavfi(`${TONE}:d=2`), ...FFV1, '-c:a', 'flac'],
  ])
  t.ok(Math.abs(soundOf((await decode(late)).samples).heardFrom - 1.5) < 0.02)
})

withEach('a recording that does not begin at time 0', async (t, { clips, decode }) => {
  const args = [...lavfi('testsrc=s=64x36:r=5:d=3'), ...lavfi(`${TONE}:d=3`), '-output_ts_offset', '60']
  for (const [name, codecs] of [
    ['late.mkv', [...FFV1, '-c:a', 'flac']],
    ['late.ts', ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-muxdelay', '0']],
  ] as const) {
    const media = { ...INFO, container: name === 'late.ts' ? 'mpegts' : 'matroska,webm', video: VIDEO, audio: AUDIO }
    const { every, sampled, samples } = await decode(await clips.make(name, [...args, ...codecs]), { media })
    t.ok((every[0]?.at ?? 9) < 0.3, `${name}: the picture begins at ${every[0]?.at}`)
    t.equal(every.length, 15)
    t.same(timesOf(sampled).slice(0, 3), [0, 1, 2])
    t.ok(soundOf(samples).heardFrom < 0.3)
    t.ok(Math.abs(soundOf(samples).seconds - 3) < 0.3)
  }
})

withEach('recordings put together with cat follow each other', async (t, { clips, decode }) => {
  const codecs = ['-c:v', 'mpeg2video', '-g', '5', '-c:a', 'mp2', '-muxdelay', '0']
  const part = (name: string, more: readonly string[]) =>
    clips.make(name, [...lavfi('testsrc=s=64x36:r=5:d=12'), ...lavfi(`${TONE}:d=12`), ...codecs, ...more])
  const first = await part('a.ts', [])
  for (const offset of ['0', '600']) {
    const whole = await joined(clips, 'joined.ts', [first, await part('b.ts', ['-output_ts_offset', offset])])
    const media = { ...INFO, container: 'mpegts', video: VIDEO, audio: AUDIO, duration: Number(offset) + 12 }
    const { every, samples, duration, picture, sound } = await decode(whole, { media })
    t.equal(every.length, 120)
    t.ok(Math.abs((every.at(-1)?.at ?? 0) - 23.8) < 0.5, `the last picture is at ${every.at(-1)?.at}`)
    t.ok(Math.abs(soundOf(samples).seconds - 24) < 0.5)
    t.ok(Math.abs(duration - 24) < 0.5, `it lasts ${duration} s`)
    t.same([picture?.fault, sound?.fault], [undefined, undefined])
  }
})

withEach('a cover picture is not a film', async (t, { clips, decode }) => {
  const cover = await clips.make('cover.png', [...lavfi('color=red:s=64x64'), '-frames:v', '1'])
  const tagged = [
    '-i',
    cover,
    '-map',
    '0',
    '-map',
    '1',
    '-c:v',
    'copy',
    '-c:a',
    'libmp3lame',
    '-disposition:v',
    'attached_pic',
  ]
  const { every, samples, picture } = await decode(await clips.make('song.mp3', [...lavfi(`${TONE}:d=2`), ...tagged]))
  t.equal(picture, undefined)
  t.equal(every.length, 0)
  t.ok(soundOf(samples).seconds > 1.9)
})
