import { planarTensor } from '@cuewire/server/models/onnx/image-tensor.js'
import { readCells } from '@cuewire/server/models/onnx/yolox.js'
import t from 'tap'

const CELLS = 52 * 52 + 26 * 26 + 13 * 13
const ROW = 85
const placement = { left: 0, top: 104, width: 416, height: 208 }

/** What the model gives when it sees these things: box in strides, objectness, the class and its score. */
function rowsOf(
  things: readonly { cell: number; box: readonly number[]; sure: number; label: number; score: number }[],
) {
  const rows = new Float32Array(CELLS * ROW)
  for (const { cell, box, sure, label, score } of things) {
    rows.set([...box, sure], cell * ROW)
    rows[cell * ROW + 5 + label] = score
  }
  return rows
}

t.test('cells of each grid become boxes in fractions of the picture', async t => {
  const rows = rowsOf([
    // Strides of 8: column 4, line 20, so the centre is 36, 164; 16 x 32 pixels.
    { cell: 20 * 52 + 4, box: [0.5, 0.5, Math.log(2), Math.log(4)], sure: 0.9, label: 16, score: 0.5 },
    // Strides of 32: column 6, line 6, so the centre is 208, 208, of the whole picture.
    {
      cell: 52 * 52 + 26 * 26 + 6 * 13 + 6,
      box: [0.5, 0.5, Math.log(13), Math.log(6.5)],
      sure: 1,
      label: 2,
      score: 0.8,
    },
  ])
  const [car, dog, ...rest] = readCells(rows, placement)
  t.same(rest, [])
  const cases = [
    [car, 'car', 0.8, { x: 0, y: 0, width: 1, height: 1 }],
    [dog, 'dog', 0.45, { x: 28 / 416, y: 44 / 208, width: 16 / 416, height: 32 / 208 }],
  ] as const
  for (const [found, label, confidence, box] of cases) {
    t.equal(found?.label, label)
    t.ok(Math.abs((found?.confidence ?? 0) - confidence) < 1e-6)
    for (const side of ['x', 'y', 'width', 'height'] as const)
      t.ok(Math.abs((found?.box[side] ?? 9) - box[side]) < 1e-6, side)
  }
})

t.test('cells that are unsure, of no number, or on the grey are left out', async t => {
  const size = [0.5, 0.5, 0, 0]
  const none = [
    { cell: 1000, box: size, sure: 0.9, label: 0, score: 0.3 },
    { cell: 1001, box: size, sure: 0.3, label: 0, score: 1 },
    { cell: 1002, box: size, sure: Number.NaN, label: 0, score: 1 },
    { cell: 1003, box: [Number.NaN, 0, 0, 0], sure: 1, label: 0, score: 1 },
    { cell: 3, box: size, sure: 1, label: 0, score: 1 },
  ]
  for (const thing of none) t.same(readCells(rowsOf([thing]), placement), [], `cell ${thing.cell}`)
})

t.test('at most a hundred things are found', async t => {
  const things = Array.from({ length: 130 }, (_, i) => ({
    cell: (14 + 2 * Math.floor(i / 26)) * 52 + 2 * (i % 26),
    box: [0.5, 0.5, 0, 0],
    sure: 1,
    label: 0,
    score: 0.9,
  }))
  t.equal(readCells(rowsOf(things), placement).length, 100)
})

t.test('a picture lies in the middle of a grey canvas, its planes blue, green, red', async t => {
  const data = Uint8Array.from([1, 2, 3, 4, 5, 6])
  const { data: canvas, placement } = planarTensor({ width: 2, height: 1, data }, { width: 4, height: 3 }, 114)
  t.same(placement, { left: 1, top: 1, width: 2, height: 1 })
  const planes = [0, 12, 24].map(at => [...canvas.slice(at + 4, at + 8)])
  t.same(planes, [
    [114, 3, 6, 114],
    [114, 2, 5, 114],
    [114, 1, 4, 114],
  ])
})
