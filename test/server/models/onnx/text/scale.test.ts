import { scaled } from '@cuewire/server/models/onnx/text/scale.js'
import t from 'tap'

const grey = (width: number, ...levels: readonly number[]) => ({
  width,
  height: levels.length / width,
  data: Uint8Array.from(levels.flatMap(level => [level, level, level])),
})

t.test('a picture that shrinks is averaged, and one that grows is interpolated', async t => {
  const stripes = grey(8, ...Array.from({ length: 64 }, (_, at) => (at % 2 === 0 ? 0 : 200)))
  const small = scaled(stripes, { width: 2, height: 2 })
  for (const level of small.data) t.ok(Math.abs(level - 100) <= 15, `${level} is about the mean`)
  t.same(scaled(grey(2, 0, 100), { width: 4, height: 1 }), grey(4, 0, 25, 75, 100))
  const same = grey(2, 1, 2)
  t.equal(scaled(same, { width: 2, height: 1 }), same)
})

t.test('each channel is scaled on its own', async t => {
  const image = { width: 1, height: 1, data: Uint8Array.of(10, 20, 30) }
  t.same(scaled(image, { width: 2, height: 1 }).data, Uint8Array.of(10, 20, 30, 10, 20, 30))
})
