import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import sharp from 'sharp'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'

const media = createMediaTools()

/** Frame n of the clip is a grey of 4 n. */
const levelOf = async (jpeg: Uint8Array) => (await sharp(jpeg).stats()).channels[0]?.mean ?? Number.NaN

t.test('a still is the frame on the screen at that time', async t => {
  const clips = await clipMaker(t)
  const file = await clips.make('grey.mp4', [
    ...['-f', 'lavfi', '-i', 'color=black:s=320x180:r=25:d=2', '-vf', "format=gray,geq=lum='4*N'"],
    ...['-c:v', 'libx264', '-g', '25', '-crf', '10', '-pix_fmt', 'yuvj420p'],
  ])
  for (const [at, frame] of [
    [0, 0],
    [0.04, 1],
    [0.079, 1],
    [0.9601, 24],
    [1, 25],
    [1.5, 37],
    [1.999, 49],
  ] as const) {
    const level = await levelOf(await media.still(file, at, { width: 160 }))
    t.ok(Math.abs(level - frame * 4) < 2, `${at} s shows frame ${level / 4}, not ${frame}`)
  }
  const size = await sharp(await media.still(file, 1, { width: 160 })).metadata()
  t.match(size, { format: 'jpeg', width: 160, height: 90 })
  t.match(await sharp(await media.still(file, 1, { width: 4000 })).metadata(), { width: 320 }, 'it is never enlarged')
  for (const at of [2.1, 99, -1]) await t.rejects(media.still(file, at, { width: 160 }), { code: 'video.no_picture' })
})

t.test('sound has no stills', async t => {
  const file = await (await clipMaker(t)).audioOnly()
  await t.rejects(media.still(file, 1, { width: 160 }), { code: 'video.no_picture' })
})
