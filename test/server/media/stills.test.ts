import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import t, { type Test } from 'tap'
import { clipMaker } from '../../support/clips.js'
import { ffmpegs } from '../../support/ffmpegs.js'
import { grey, lasting, stillsWith } from '../../support/grey-films.js'
import { scripts } from '../../support/scripts.js'

for (const { name, paths } of ffmpegs()) {
  const media = createMediaTools(paths)
  const { shows } = stillsWith(media)

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
}
