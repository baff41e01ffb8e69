import { PHOTOGRAPHS, photographFile } from '@cuewire/bench/sample/photographs.js'
import t from 'tap'
import { decodePicture } from '../../support/decode.js'
import { sharedMedia } from '../../support/shared-media.js'
import { useYoloxModels, yoloxFile } from '../../support/yolox-models.js'

t.test('YOLOX finds the objects of photographs and clips', { skip: yoloxFile.skip }, async t => {
  const detector = await (await useYoloxModels(t)).objects()
  t.equal(detector.pack, 'objects-yolox-nano@1.0.0')
  const labelsOf = async (path: string, size: { width: number; height: number; at?: number }) => {
    const image = await decodePicture(path, { ...size, ...detector.frameSize(size) })
    return new Set((await detector.detect(image)).map(({ label }) => label))
  }
  const pasture = photographFile(PHOTOGRAPHS['sheep in a field'])
  t.same([...(await labelsOf(pasture, { width: 1024, height: 498 }))], ['sheep'])
  const boats = await labelsOf(photographFile(PHOTOGRAPHS.ferry), { width: 1024, height: 819 })
  t.ok(boats.has('boat') && !boats.has('sheep'), [...boats].join())
  t.same([...(await labelsOf(photographFile(PHOTOGRAPHS.alps), { width: 1024, height: 484 }))], [])

  const media = sharedMedia('images/dog.jpg', 'images/chelsea.png', 'bottle-detection.mp4')
  t.test('and of the shared ones', { skip: media.skip }, async t => {
    const [dog = '', cat = '', bottles = ''] = media.paths
    t.same([...(await labelsOf(dog, { width: 768, height: 576 }))].sort(), ['bicycle', 'dog', 'truck'])
    t.same([...(await labelsOf(cat, { width: 451, height: 300 }))], ['cat'])
    t.ok((await labelsOf(bottles, { width: 640, height: 360, at: 10 })).has('bottle'))
  })
})

t.test('pictures keep their shape', { skip: yoloxFile.skip }, async t => {
  const { frameSize } = await (await useYoloxModels(t)).objects()
  t.same(frameSize({ width: 1920, height: 1080 }), { width: 416, height: 234 })
  t.same(frameSize({ width: 1080, height: 1920 }), { width: 234, height: 416 })
})
