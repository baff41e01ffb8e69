import { drawSlide } from '@cuewire/bench/quality/slides/draw-slide.js'
import { DEVELOPMENT_FONTS } from '@cuewire/bench/quality/slides/fonts.js'
import { SLIDE, type TextSlide } from '@cuewire/bench/quality/slides/slide.js'
import type { Models, RgbImage } from '@cuewire/server/models/models.js'
import sharp from 'sharp'
import type { Test } from 'tap'

const [FONT = { name: '', module: '' }] = DEVELOPMENT_FONTS
const lineAt = (text: string, size: number, y: number) => ({ text, size, colour: '#12324a', x: 120, y })
const PICTURE: TextSlide = {
  font: FONT,
  background: { kind: 'plain', colour: '#f5f1e4' },
  title: lineAt('Boats and harbour', 64, 100),
  body: [lineAt('High tide at 09:30, low tide at 15:45', 30, 300)],
}

/** What a reader of text finds, and where. */
export function textContract(t: Test, models: Models): void {
  t.test('lines of text are found at their places and read', async t => {
    const reader = await models.text()
    const image = await drawn(PICTURE)
    for (const glance of [true, false]) {
      const regions = await reader.find(image, { glance })
      const inOrder = regions.toSorted((a, b) => a.box.y - b.box.y)
      t.equal(inOrder.length, 2)
      for (const [at, { text, size, x, y }] of [PICTURE.title, ...PICTURE.body].entries()) {
        const { box, confidence } = inOrder[at] ?? { box: { x: 0, y: 0, width: 0, height: 0 }, confidence: 0 }
        t.ok(Math.abs(box.x * SLIDE.width - x) < 16, `${text}: left`)
        t.ok(box.y * SLIDE.height < y + size / 3, `${text}: top`)
        t.ok((box.y + box.height) * SLIDE.height > y + size * 0.75, `${text}: bottom`)
        t.ok(confidence > 0.6 && confidence <= 1)
        const read = await reader.read(image, box)
        t.equal(read.text, text)
        t.ok(read.confidence > 0.9 && read.confidence <= 1)
      }
    }
  })

  t.test('where there is no text, none is found, and nothing is read', async t => {
    const reader = await models.text()
    const grey = { ...SLIDE, data: new Uint8Array(SLIDE.width * SLIDE.height * 3).fill(128) }
    t.strictSame(await reader.find(grey, { glance: false }), [])
    t.match(await reader.read(grey, { x: 0.1, y: 0.1, width: 0.5, height: 0.1 }), { text: '' })
    t.match(await reader.read(grey, { x: 1, y: 1, width: 0, height: 0 }), { text: '' }, 'not even in an empty box')
  })

  t.test('pictures of any size are scaled to one that is taken, and are not enlarged', async t => {
    const { frameSize, input } = await models.text()
    t.same(frameSize({ width: 1920, height: 1080 }), { width: input.width, height: (input.width * 9) / 16 })
    t.same(frameSize({ width: 320, height: 240 }), { width: 320, height: 240 })
    t.same(frameSize({ width: 10_000, height: 1 }), { width: input.width, height: 1 })
  })
}

async function drawn(slide: TextSlide): Promise<RgbImage> {
  const { data } = await sharp(await drawSlide(slide))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { ...SLIDE, data: new Uint8Array(data) }
}
