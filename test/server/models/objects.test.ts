import { PHOTOGRAPHS, type Photograph, photographFile } from '@cuewire/bench/sample/photographs.js'
import type { ObjectDetector, RgbImage } from '@cuewire/server/models/models.js'
import t from 'tap'
import { decodePicture } from '../../support/decode.js'
import { useModels } from '../../support/models.js'
import { sharedMedia } from '../../support/shared-media.js'

const models = await useModels(t)

type Size = Pick<RgbImage, 'width' | 'height'>
const PASTURE: Size = { width: 1024, height: 498 }

async function labelsAt(
  detector: ObjectDetector,
  path: string,
  options: { width: number; height: number; at?: number },
) {
  const image = await decodePicture(path, { ...options, ...detector.frameSize(options) })
  return (await detector.detect(image)).map(({ label }) => label)
}

/** A whole photograph as the detector takes it. */
async function photographFor(detector: ObjectDetector, photograph: Photograph, size: Size) {
  return await decodePicture(photographFile(photograph), detector.frameSize(size))
}

t.test('the objects of photographs are found', async t => {
  const detector = await models.objects()
  const labelsOf = async (photograph: Photograph, size: Size) => {
    const found = await detector.detect(await photographFor(detector, photograph, size))
    return new Set(found.map(({ label }) => label))
  }
  const sheep = await labelsOf(PHOTOGRAPHS['sheep in a field'], PASTURE)
  t.ok(sheep.has('sheep') && !sheep.has('boat'), [...sheep].join())
  const boats = await labelsOf(PHOTOGRAPHS['river boats'], { width: 1024, height: 819 })
  t.ok(boats.has('boat') && boats.has('person') && !boats.has('sheep'), [...boats].join())
  t.same([...(await labelsOf(PHOTOGRAPHS.alps, { width: 1024, height: 484 }))], [])
})

const clip = sharedMedia('derived_four-scenes.mp4')
t.test('the objects of a recorded clip of four scenes are found', { skip: clip.skip }, async t => {
  const detector = await models.objects()
  const [path = ''] = clip.paths
  const at = (at: number) => labelsAt(detector, path, { width: 640, height: 360, at })
  t.ok((await at(2)).includes('bottle'), 'a bottle in the first scene')
  t.ok((await at(6)).includes('person'), 'a person in the second')
  const fourth = await at(14)
  t.ok(fourth.includes('dog'), 'a dog in the fourth')
  t.ok(fourth.includes('bicycle'), 'and a bicycle')
  t.ok(fourth.includes('car'), 'and a car')
})

const photograph = sharedMedia('images/dog.jpg')
t.test('the box of a dog lies on it', { skip: photograph.skip }, async t => {
  const detector = await models.objects()
  const size = detector.frameSize({ width: 768, height: 576 })
  const found = await detector.detect(await decodePicture(photograph.paths[0] ?? '', size))
  const dog = found.find(({ label }) => label === 'dog')
  if (!dog) throw new Error('no dog was found')
  // As anyone sees it in the picture: from 0.17, 0.38 to 0.41, 0.94.
  const { x, y, width, height } = dog.box
  t.ok(Math.abs(x - 0.17) < 0.05 && Math.abs(y - 0.38) < 0.05, `top left ${x}, ${y}`)
  t.ok(
    Math.abs(x + width - 0.41) < 0.05 && Math.abs(y + height - 0.94) < 0.05,
    `bottom right ${x + width}, ${y + height}`,
  )
})

t.test('pictures are squeezed by at most a third to fill the square', async t => {
  const { frameSize } = await models.objects()
  t.same(frameSize({ width: 1920, height: 1080 }), { width: 512, height: 384 })
  t.same(frameSize({ width: 1080, height: 1920 }), { width: 384, height: 512 })
  t.same(frameSize({ width: 640, height: 480 }), { width: 512, height: 512 })
  t.same(frameSize({ width: 300, height: 300 }), { width: 512, height: 512 })
  t.same(frameSize({ width: 10_000, height: 1 }), { width: 512, height: 1 })
})
