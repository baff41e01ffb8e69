import { iou } from '@cuewire/server/lib/box.js'
import { COCO_LABELS } from '@cuewire/server/models/onnx/coco.js'
import { readDetections } from '@cuewire/server/models/onnx/detector.js'
import { imageTensor } from '@cuewire/server/models/onnx/image-tensor.js'
import { suppress } from '@cuewire/server/models/onnx/nms.js'
import t from 'tap'

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height })
const placement = { left: 0, top: 64, width: 512, height: 384 }

t.test('the classes are the 80 of COCO', async t => {
  t.equal(new Set(COCO_LABELS).size, 80)
  t.same([COCO_LABELS[0], COCO_LABELS[16], COCO_LABELS[39], COCO_LABELS[79]], ['person', 'dog', 'bottle', 'toothbrush'])
})

t.test('rows become boxes in fractions of the picture, clipped to it', async t => {
  const rows = Float32Array.of(128, 160, 256, 352, 0.75, 16, -20, 0, 256, 600, 0.5, 0)
  t.same(readDetections(rows, placement), [
    { label: 'dog', confidence: 0.75, box: box(0.25, 0.25, 0.25, 0.5) },
    { label: 'person', confidence: 0.5, box: box(0, 0, 0.5, 1) },
  ])
})

t.test('rows of low score, of no class, or outside the picture are left out', async t => {
  const inside = [100, 100, 200, 200]
  t.same(readDetections(Float32Array.of(...inside, 0.2, 0), placement), [])
  t.same(readDetections(Float32Array.of(...inside, 0.9, 80), placement), [])
  t.same(readDetections(Float32Array.of(...inside, Number.NaN, 0), placement), [])
  t.same(readDetections(Float32Array.of(100, 0, 200, 60, 0.9, 0), placement), [], 'on the black bar')
})

t.test('of two boxes on one thing the better stays; different things stay', async t => {
  const found = [
    { label: 'car', confidence: 0.5, box: box(0, 0, 0.5, 0.5) },
    { label: 'car', confidence: 0.6, box: box(0.02, 0, 0.5, 0.5) },
    { label: 'truck', confidence: 0.4, box: box(0.01, 0, 0.5, 0.5) },
    { label: 'person', confidence: 0.3, box: box(0, 0, 0.3, 0.5) },
    { label: 'car', confidence: 0.2, box: box(0.6, 0.6, 0.2, 0.2) },
  ]
  t.same(
    suppress(found, { sameLabel: 0.5, anyLabel: 0.85 }).map(({ label, confidence }) => [label, confidence]),
    [
      ['car', 0.6],
      ['person', 0.3],
      ['car', 0.2],
    ],
  )
})

t.test('the overlap of boxes is intersection over union', async t => {
  t.equal(iou(box(0, 0, 1, 1), box(0, 0, 1, 1)), 1)
  t.equal(iou(box(0, 0, 1, 1), box(0.5, 0, 1, 1)), 1 / 3)
  t.equal(iou(box(0, 0, 0.4, 1), box(0.4, 0, 0.4, 1)), 0)
})

t.test('a picture lies in the middle of a black canvas', async t => {
  const data = Uint8Array.from({ length: 2 * 1 * 3 }, (_, index) => index + 1)
  const { data: canvas, placement } = imageTensor({ width: 2, height: 1, data }, { width: 4, height: 3 })
  t.same(placement, { left: 1, top: 1, width: 2, height: 1 })
  t.same([...canvas.slice(4 * 3 + 3, 4 * 3 + 9)], [1, 2, 3, 4, 5, 6])
  t.equal(
    canvas.reduce((sum, value) => sum + value, 0),
    21,
  )
})
