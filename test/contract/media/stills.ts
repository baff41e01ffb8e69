import { readFile, writeFile } from 'node:fs/promises'
import type { ClientMedia } from '@cuewire/server/media/media-tools.js'
import sharp from 'sharp'
import type { Test } from 'tap'
import { grey, lasting, stillsWith } from '../../support/grey-films.js'
import type { SharedClips } from '../../support/shared-clips.js'

/** Which pictures of a file are made. */
export function stillsContract(t: Test, media: ClientMedia, clips: SharedClips): void {
  const { pictures, shows } = stillsWith(media)

  t.test('a still is the frame on the screen at that time', async t => {
    const file = await clips.make('grey.mp4', grey(2))
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

  t.test('a picture is shown until the next one, and the last one to the end', async t => {
    const { make } = clips
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

  t.test('hundreds of moments that lie apart are one request', async t => {
    const file = await clips.make('apart.mp4', grey(120, 10))
    const times = Array.from({ length: 400 }, (_, index) => Math.round(index * 300) / 1000)
    t.equal((await pictures(file, lasting(120), { times })).size, times.length)
  })

  t.test('pictures come one after the other, and who takes them can end it', async t => {
    const [file, info] = [await clips.make('taken.mp4', grey(2)), lasting(2)]
    const steps: string[] = []
    await media.stills(file, info, {
      ...{ times: [0, 0.5, 1], width: 160 },
      async picture(at) {
        steps.push(`${at}`)
        await new Promise(resolve => setTimeout(resolve, 5))
        steps.push('taken')
      },
    })
    t.strictSame(steps, ['0', 'taken', '0.5', 'taken', '1', 'taken'])
    const broken = () => Promise.reject(new Error('no room left'))
    await t.rejects(media.stills(file, info, { times: [0, 1], width: 160, picture: broken }), {
      message: 'no room left',
    })
    const controller = new AbortController()
    const hanging = () => {
      controller.abort(new Error('enough'))
      return new Promise<void>(() => undefined)
    }
    const request = { times: [0, 1], width: 160, picture: hanging }
    await t.rejects(media.stills(file, info, request, controller.signal), { message: 'enough' })
  })

  t.test('a rotated video has upright pictures', async t => {
    const { make } = clips
    const lying = await make('lying.mp4', grey(1))
    const file = await make('upright.mp4', ['-i', lying, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
    const info = await media.probe(file)
    t.match(info.video, { width: 180, height: 320 })
    const picture = await sharp((await pictures(file, info, { times: [0.5], width: 90 })).get(0.5)).metadata()
    t.match(picture, { width: 90, height: 160 })
  })

  t.test('a file that is not there is no fault of the file', async t => {
    const { path } = clips
    await t.rejects(pictures(path('gone.mp4'), lasting(2), { times: [1] }), { code: 'server.internal' })
  })

  t.test('a damaged picture is named, not the file', async t => {
    const file = await clips.make('damaged.mp4', grey(1))
    const info = await media.probe(file)
    const bytes = await readFile(file)
    bytes.fill(0xff, bytes.indexOf('mdat') + 4, bytes.indexOf('moov') - 4)
    await writeFile(file, bytes)
    await t.rejects(pictures(file, info, { times: [0] }), {
      code: 'media.unreadable',
      message: /^The picture cannot be decoded: /,
    })
  })

  t.test('sound has no stills', async t => {
    const file = await clips.audioOnly()
    const info = await media.probe(file)
    t.equal((await pictures(file, info, { times: [1] })).size, 0)
  })
}
