import { SpeechSpans } from '@cuewire/server/models/onnx/speech-spans.js'
import fc from 'fast-check'
import t from 'tap'

const FRAME = 0.1

/** Spans of probabilities given as pairs of probability and seconds, one number a tenth of a second. */
function spansOf(parts: readonly (readonly [number, number])[], maxSpan = 15) {
  const spans = new SpeechSpans({ frame: FRAME, maxSpan })
  const found = parts.flatMap(([probability, seconds]) =>
    Array.from({ length: Math.round(seconds / FRAME) }, () => spans.push(probability)).flat(),
  )
  return [...found, ...spans.finish()].map(({ start, end }) => [Number(start.toFixed(3)), Number(end.toFixed(3))])
}

t.test('speech becomes a span with padding on both sides', async t => {
  const parts = [
    [0, 2],
    [0.9, 3],
    [0, 5],
  ] as const
  t.same(spansOf(parts), [[1.8, 5.2]])
})

t.test('padding stops at the start and the end of the sound', async t => {
  t.same(spansOf([[0.9, 3]]), [[0, 3]])
})

t.test('a probability between the thresholds keeps a span open but opens none', async t => {
  t.same(spansOf([[0.45, 3]]), [])
  const parts = [
    [0, 1],
    [0.9, 1],
    [0.45, 3],
    [0.9, 1],
    [0, 3],
  ] as const
  t.same(spansOf(parts), [[0.8, 6.2]])
})

t.test('a click is no speech', async t => {
  const spans = new SpeechSpans({ frame: 0.032, maxSpan: 15 })
  const found = [0, 0, 0.9, ...new Array(80).fill(0)].flatMap(probability => spans.push(probability))
  t.same([...found, ...spans.finish()], [])
})

t.test('a pause between sentences ends a long span and not a short one', async t => {
  const two = (seconds: number) =>
    [
      [0, 1],
      [0.9, seconds],
      [0, 0.7],
      [0.9, 2],
      [0, 2],
    ] as const
  t.same(spansOf(two(7)).length, 2)
  t.same(spansOf(two(3)).length, 1)
})

t.test('a span that grows too long is cut at its likeliest pause', async t => {
  const parts = [
    [0.9, 6],
    [0.6, 1],
    [0.9, 8],
  ] as const
  const [first, second] = spansOf(parts, 10)
  t.ok(first?.[1] && first[1] >= 6 && first[1] <= 7, `cut at ${first?.[1]}`)
  t.same(second, [first?.[1], 15])
})

t.test('whatever the probabilities, spans are in order, apart, inside, and no longer than they may be', async t => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 600 }), probabilities => {
      const spans = spansOf(
        probabilities.map(probability => [probability, FRAME] as const),
        4,
      )
      let former = 0
      for (const [start = -1, end = -1] of spans) {
        if (start < former || end <= start || end - start > 4.001) return false
        former = end
      }
      return former <= probabilities.length * FRAME + 0.001
    }),
  )
  t.pass('held for every list tried')
})
