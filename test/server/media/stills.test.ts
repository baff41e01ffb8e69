import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaInfo } from '@cuewire/protocol'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { clipMaker } from '../../support/clips.js'
import { ffmpegs } from '../../support/ffmpegs.js'
import { scripts } from '../../support/scripts.js'

const VIDEO = { codec: 'h264', width: 320, height: 180, rotation: 0 }
const lasting = (duration: number, video = VIDEO): MediaInfo => ({
  container: 'mp4',
  duration,
  video,
  subtitles: [],
  chapters: [],
})
/** Frame n is a grey of 4 n, and one key frame begins each two seconds. */
const grey = (seconds: number, rate = 25): string[] => [
  // Enlarged afterwards: `geq` works out each pixel for itself.
  ...['-f', 'lavfi', '-i', `color=black:s=32x18:r=${rate}:d=${seconds}`],
  ...['-vf', "format=gray,geq=lum='4*mod(N,64)',scale=320:180"],
  ...['-c:v', 'libx264', '-g', `${2 * rate}`, '-crf', '10', '-bf', '2', '-pix_fmt', 'yuvj420p'],
]
const levelOf = async (jpeg: Uint8Array) => (await sharp(jpeg).stats()).channels[0]?.mean ?? Number.NaN

for (const { name, paths } of ffmpegs()) {
  const media = createMediaTools(paths)

  /** The pictures that one pass makes, by their times. */
  async function pictures(
    file: string,
    info: MediaInfo,
    { times, width = 160 }: { times: readonly number[]; width?: number },
  ): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>()
    await media.stills(file, info, { times, width, picture: (at, jpeg) => void found.set(at, jpeg) })
    return found
  }

  /** At each time, the number of the grey frame that has to be on the screen; some are asked for alone, too. */
  async function shows(
    t: Test,
    file: string,
    { info, frames }: { info: MediaInfo; frames: readonly (readonly [at: number, frame: number])[] },
  ): Promise<void> {
    const together = await pictures(file, info, { times: frames.map(([at]) => at) })
    t.equal(together.size, frames.length)
    for (const [at, frame] of frames) {
      const level = await levelOf(together.get(at) ?? Buffer.alloc(0))
      t.ok(Math.abs(level - (frame % 64) * 4) < 2.5, `${at} s shows frame ${frame}: ${level} is ${(frame % 64) * 4}`)
    }
    for (const [at] of frames.filter((_, i) => i % Math.ceil(frames.length / 8) === 0)) {
      t.strictSame(await pictures(file, info, { times: [at] }), new Map([[at, together.get(at)]]), `${at} s alone`)
    }
  }

  t.test(`${name}: a still is the frame on the screen at that time`, async t => {
    const file = await (await clipMaker(t)).make('grey.mp4', grey(2))
    const info = lasting(2)
    const frames = [
      [0, 0],
      [0.04, 1],
      [0.079, 1],
      [0.96, 24],
      [1, 25],
      [1.5, 37],
      [1.999, 49],
    ] as const
    await shows(t, file, { info, frames })
    const size = async (width: number) => sharp((await pictures(file, info, { times: [1], width })).get(1)).metadata()
    t.match(await size(160), { format: 'jpeg', width: 160, height: 90 })
    t.match(await size(4000), { width: 320 }, 'it is never enlarged')
    t.strictSame([...(await pictures(file, info, { times: [-1, 1.5, 2, 99] })).keys()], [1.5])
  })

  t.test(`${name}: a picture is shown until the next one, and the last one to the end`, async t => {
    const { make } = await clipMaker(t)
    const slides = grey(40, 0.1).map(argument => argument.replace('4*mod(N,64)', '40*N'))
    const frames = [
      [0, 0],
      [9.999, 0],
      [10, 10],
      [19, 10],
      [25, 20],
      [30, 30],
      [39.9, 30],
    ] as const
    for (const name of ['slides.mp4', 'slides.mkv']) {
      await shows(t, await make(name, slides), { info: lasting(40), frames })
    }
    // Sound that goes on after the picture.
    const longer = [
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=30', ...grey(2)],
      ...['-map', '1:v', '-map', '0:a', '-c:a', 'aac'],
    ]
    const held = [
      [1.99, 49],
      [2.3, 49],
      [29, 49],
    ] as const
    for (const name of ['longer.mp4', 'longer.mkv', 'longer.ts']) {
      await shows(t, await make(name, longer), { info: lasting(30), frames: held })
    }
  })

  t.test(`${name}: without an index the key frame before is found`, async t => {
    const { make } = await clipMaker(t)
    const frames = [
      [0, 0],
      [1.5, 37],
      [5.2, 130],
      [13.9, 347],
      [19.8, 495],
    ] as const
    for (const name of ['grey.ts', 'grey.mkv', 'grey.flv']) {
      await shows(t, await make(name, grey(20)), { info: lasting(20), frames })
    }
    const file = await make(
      'one-key-frame.ts',
      grey(20).map(argument => (argument === '50' ? '500' : argument)),
    )
    await shows(t, file, { info: lasting(20), frames })
  })

  t.test(`${name}: many times of a video with B-frames, close together and far apart`, async t => {
    const { make } = await clipMaker(t)
    const clip = grey(20).map(argument => (argument === '2' ? '3' : argument))
    const dense = Array.from({ length: 20 }, (_, i) => 3 + i * 0.017)
    const sparse = Array.from({ length: 44 }, (_, i) => 3.5 + i * 0.371)
    const frames = [...dense, ...sparse].map(at => [at, Math.floor(at * 25 + 0.0125)] as const)
    for (const name of ['many.mp4', 'many.ts']) await shows(t, await make(name, clip), { info: lasting(20), frames })
  })

  t.test(`${name}: times count from the start of the file, chapters change nothing`, async t => {
    const { make, write } = await clipMaker(t)
    const chapters = ['[CHAPTER]', 'TIMEBASE=1/1', 'START=0', 'END=1', `title=${'One '.repeat(300)}`]
    const metadata = await write('chapters.txt', [';FFMETADATA1', ...chapters].join('\n'))
    const args = [...['-i', metadata, ...grey(4)], ...['-map', '1:v', '-map_metadata', '0', '-output_ts_offset', '60']]
    for (const name of ['late.mkv', 'late.ts']) {
      const frames = [
        [0, 0],
        [0.5, 12],
        [3.5, 87],
      ] as const
      await shows(t, await make(name, args), { info: lasting(4), frames })
    }
  })

  t.test(`${name}: a rotated video has upright pictures`, async t => {
    const { make } = await clipMaker(t)
    const lying = await make('lying.mp4', grey(1))
    const file = await make('upright.mp4', ['-i', lying, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
    const info = await media.probe(file)
    t.match(info.video, { width: 180, height: 320 })
    const picture = await sharp((await pictures(file, info, { times: [0.5], width: 90 })).get(0.5)).metadata()
    t.match(picture, { width: 90, height: 160 })
  })

  /** Media tools that run ffmpeg by a shell script, in which `$FFMPEG` is the real one. */
  async function scripted(t: Test, script: string) {
    const { ffmpeg, ffprobe } = await media.binaries()
    const body = `FFMPEG=${ffmpeg}; case "$*" in *-version*) exec $FFMPEG "$@";; esac; ${script}`
    const folder = await scripts(t, { ffmpeg: body })
    const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).length
    return { runs, media: createMediaTools({ ffmpegPath: join(folder, 'ffmpeg'), ffprobePath: ffprobe }) }
  }

  t.test(`${name}: decoding ends with the frame after the last time`, async t => {
    const file = await (await clipMaker(t)).make('long.mp4', grey(100, 5))
    // In real time it would take too long to go on to the end.
    const { media } = await scripted(t, 'exec $FFMPEG -re "$@"')
    const found: number[] = []
    await media.stills(file, lasting(100), { times: [0, 1.5], width: 160, picture: at => void found.push(at) })
    t.strictSame(found, [0, 1.5])
  })

  t.test(`${name}: an ffmpeg that crashes is run once more, for the pictures that are missing`, async t => {
    const file = await (await clipMaker(t)).make('crash.mp4', grey(2))
    const count = 'printf . >> "$(dirname "$0")/runs"'
    const once = await scripted(
      t,
      `${count}; $FFMPEG "$@"; [ "$(wc -c < "$(dirname "$0")/runs")" -gt 1 ] || kill -SEGV $$`,
    )
    const found: number[] = []
    const request = { times: [0.5, 1.99], width: 160, picture: (at: number) => void found.push(at) }
    await once.media.stills(file, lasting(2), request)
    t.strictSame(found, [0.5, 1.99])
    t.equal(await once.runs(), 2)

    const always = await scripted(t, `${count}; kill -SEGV $$`)
    await t.rejects(always.media.stills(file, lasting(2), request), { code: 'server.internal', message: /crashed/ })
    t.equal(await always.runs(), 2)
  })

  t.test(`${name}: a file that is not there is no fault of the file`, async t => {
    const { path } = await clipMaker(t)
    await t.rejects(pictures(path('gone.mp4'), lasting(2), { times: [1] }), { code: 'server.internal' })
  })

  t.test(`${name}: a damaged picture is named, not the file`, async t => {
    const file = await (await clipMaker(t)).make('damaged.mp4', grey(1))
    const info = await media.probe(file)
    const bytes = await readFile(file)
    bytes.fill(0xff, bytes.indexOf('mdat') + 4, bytes.indexOf('moov') - 4)
    await writeFile(file, bytes)
    await t.rejects(pictures(file, info, { times: [0] }), {
      code: 'media.unreadable',
      message: /^The picture cannot be decoded: /,
    })
  })

  t.test(`${name}: sound has no stills`, async t => {
    const file = await (await clipMaker(t)).audioOnly()
    const info = await media.probe(file)
    t.equal((await pictures(file, info, { times: [1] })).size, 0)
  })
}
