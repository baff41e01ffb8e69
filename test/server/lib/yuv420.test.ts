import { yuv420Bytes, yuv420ToRgb } from '@cuewire/server/lib/yuv420.js'
import t from 'tap'

/** A picture of one colour. */
function filled(width: number, height: number, [luma, blue, red]: readonly [number, number, number]): Uint8Array {
  const data = new Uint8Array(yuv420Bytes(width, height)).fill(luma)
  const chroma = (data.length - width * height) / 2
  return data.fill(blue, width * height).fill(red, width * height + chroma)
}

t.test('primary colours, black and white are converted, and values out of range are clamped', async t => {
  for (const [yuv, rgb] of [
    [
      [16, 128, 128],
      [0, 0, 0],
    ],
    [
      [235, 128, 128],
      [255, 255, 255],
    ],
    [
      [81, 90, 240],
      [254, 0, 0],
    ],
    [
      [145, 54, 34],
      [0, 255, 1],
    ],
    [
      [41, 240, 110],
      [0, 0, 255],
    ],
    [
      [255, 128, 128],
      [255, 255, 255],
    ],
    [
      [0, 128, 128],
      [0, 0, 0],
    ],
  ] as const)
    t.same([...yuv420ToRgb({ width: 1, height: 1, data: filled(1, 1, yuv) }).data], rgb, `${yuv}`)
})

t.test('a picture of odd size has colours for its last column and row', async t => {
  const data = filled(3, 3, [81, 90, 240])
  t.equal(data.length, 9 + 2 * 4)
  t.same([...yuv420ToRgb({ width: 3, height: 3, data }).data], Array.from({ length: 9 }, () => [254, 0, 0]).flat())
})
