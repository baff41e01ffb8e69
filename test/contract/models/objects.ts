import { PHOTOGRAPHS, photographFile } from '@cuewire/bench/sample/photographs.js'
import type { Models } from '@cuewire/server/models/models.js'
import type { Test } from 'tap'
import { decodePicture } from '../../support/decode.js'

const PASTURE = { width: 1024, height: 498 }

/** What an object detector finds, and where. */
export function objectsContract(t: Test, models: Models): void {
  t.test('boxes lie on the objects of a photograph, in fractions of it, the surest first', async t => {
    const detector = await models.objects()
    const image = await decodePicture(photographFile(PHOTOGRAPHS['sheep in a field']), detector.frameSize(PASTURE))
    const found = await detector.detect(image)
    // As anyone sees them in the picture: the left, top, right and bottom of two sheep that stand apart, in pixels.
    const standing = [
      [118, 136, 184, 275],
      [306, 53, 457, 190],
    ] as const
    for (const edges of standing) {
      const near = found.filter(({ label, box }) => {
        const { width, height } = PASTURE
        const at = [box.x * width, box.y * height, (box.x + box.width) * width, (box.y + box.height) * height]
        return label === 'sheep' && at.every((edge, i) => Math.abs(edge - (edges[i] ?? 0)) < 20)
      })
      t.equal(near.length, 1, `one box at ${edges}`)
    }
    const confidences = found.map(({ confidence }) => confidence)
    t.same(
      confidences,
      confidences.toSorted((a, b) => b - a),
    )
    t.ok(confidences.every(confidence => confidence > 0 && confidence <= 1))
  })

  t.test('a picture of any size is scaled to one that is taken', async t => {
    const { frameSize, input } = await models.objects()
    for (const [width, height] of [
      [1920, 1080],
      [1080, 1920],
      [16, 16],
      [10_000, 1],
      [1, 10_000],
    ] as const) {
      const size = frameSize({ width, height })
      const isTaken = [size.width / input.width, size.height / input.height].every(share => share > 0 && share <= 1)
      t.ok(isTaken && Number.isInteger(size.width) && Number.isInteger(size.height), `${width} x ${height}`)
    }
  })
}
