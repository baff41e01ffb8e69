import { signature, unchanged } from '@cuewire/server/domain/processing/frame-change.js'
import type { RgbImage } from '@cuewire/server/models/models.js'
import t from 'tap'

const SIZE = { width: 512, height: 384 }

function picture(paint: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(SIZE.width * SIZE.height * 3)
  for (let y = 0; y < SIZE.height; y += 1) {
    for (let x = 0; x < SIZE.width; x += 1)
      data.fill(paint(x, y), (y * SIZE.width + x) * 3, (y * SIZE.width + x) * 3 + 3)
  }
  return { ...SIZE, data }
}

const slope = picture(x => 40 + x / 4)

t.test('a picture shows the same as itself, and through the noise of a camera', async t => {
  const noisy = picture((x, y) => 40 + x / 4 + (((x * 31 + y * 17) % 7) - 3))
  t.ok(unchanged(signature(slope), signature(slope)))
  t.ok(unchanged(signature(slope), signature(noisy)))
})

t.test('a thing of a thirtieth of the width that appears is a change', async t => {
  const withThing = picture((x, y) => (x >= 200 && x < 218 && y >= 100 && y < 118 ? 255 : 40 + x / 4))
  t.notOk(unchanged(signature(slope), signature(withThing)))
})

t.test('a slow fade is a change once it adds up', async t => {
  const faded = (by: number) => picture(x => 40 + x / 4 + by)
  t.ok(unchanged(signature(slope), signature(faded(1))))
  t.notOk(unchanged(signature(slope), signature(faded(4))))
})
