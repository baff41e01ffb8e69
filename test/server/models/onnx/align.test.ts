import { alignSteps, medianFilter } from '@cuewire/server/models/onnx/align.js'
import t from 'tap'

t.test('steps are aligned to the frames they look at', async t => {
  const frames = 60
  const looksAt = [5, 20, 33, 50]
  const steps = looksAt.map(centre => ({
    heads: 2,
    frames,
    data: Float32Array.from({ length: 2 * frames }, (_, index) => Math.exp(-(((index % frames) - centre) ** 2) / 20)),
  }))
  const found = alignSteps(steps)
  t.equal(found[0], 0)
  found.slice(1).forEach((frame, index) => {
    const [before = 0, own = 0] = looksAt.slice(index)
    t.ok(
      frame > before && frame <= own + 10 && frame <= (looksAt[index + 1] ?? 0),
      `step ${index + 1} at ${frame}, after ${own}`,
    )
  })
})

t.test('one step, or fewer frames than steps, is aligned too', async t => {
  t.same(alignSteps([{ heads: 1, frames: 3, data: Float32Array.of(0, 1, 0) }]), [0])
  const flat = { heads: 1, frames: 2, data: Float32Array.of(1, 1) }
  const found = alignSteps([flat, flat, flat, flat])
  t.equal(found.length, 4)
  t.ok(found.every((frame, index) => frame >= (found[index - 1] ?? 0) && frame < 2))
  t.same(alignSteps([]), [])
})

t.test('the median filter takes out a spike and mirrors the ends', async t => {
  t.same([...medianFilter(Float64Array.of(1, 1, 9, 1, 1), 3)], [1, 1, 1, 1, 1])
  t.same([...medianFilter(Float64Array.of(5, 1, 1, 2, 2), 3)], [1, 1, 1, 2, 2])
  t.same([...medianFilter(Float64Array.of(4, 2), 7)], [4, 2], 'too short to filter')
})
