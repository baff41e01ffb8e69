import { textRegions } from '@cuewire/server/models/onnx/text/db-regions.js'
import t from 'tap'

const WIDTH = 100
const HEIGHT = 50

/** A map with rectangles of one probability each. */
function mapWith(
  ...rectangles: readonly (readonly [x: number, y: number, width: number, height: number, p: number])[]
) {
  const data = new Float32Array(WIDTH * HEIGHT)
  for (const [x, y, width, height, probability] of rectangles)
    for (let row = y; row < y + height; row += 1) data.fill(probability, row * WIDTH + x, row * WIDTH + x + width)
  return { width: WIDTH, height: HEIGHT, data }
}

t.test('connected pixels are one region, enlarged by area / perimeter', async t => {
  const found = textRegions(mapWith([20, 10, 40, 8, 0.75]))
  // 40 x 8 pixels: 320 x 1.5 / 96 = 5 pixels on each side.
  t.same(found, [{ confidence: 0.75, box: { x: 0.15, y: 0.1, width: 0.65 - 0.15, height: 0.46 - 0.1 } }])
})

t.test('regions apart are separate, and diagonal neighbours are connected', async t => {
  t.equal(textRegions(mapWith([5, 5, 20, 6, 0.9], [60, 30, 20, 6, 0.9])).length, 2)
  t.equal(textRegions(mapWith([5, 5, 20, 6, 0.9], [25, 11, 20, 6, 0.9])).length, 1)
  const steps = [0, 1, 2, 3].map(step => [5 + 10 * step, 5 + 10 * step, 10, 10, 0.9] as const)
  t.same(textRegions(mapWith(...steps)), [], 'a slanted line is no upright one')
})

t.test('weak and tiny regions are no text, and boxes stay in the picture', async t => {
  t.same(textRegions(mapWith([20, 10, 40, 8, 0.5], [70, 30, 20, 2, 0.9])), [])
  t.match(textRegions(mapWith([0, 0, WIDTH, HEIGHT, 1])), [{ box: { x: 0, y: 0, width: 1, height: 1 } }])
  t.same(textRegions({ width: 4, height: 4, data: new Float32Array(16).fill(Number.NaN) }), [])
})
