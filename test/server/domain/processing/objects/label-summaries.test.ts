import { LabelSummaries } from '@cuewire/server/domain/processing/objects/label-summaries.js'
import t from 'tap'
import { aFrame } from '../../../../support/entities.js'

t.test('frames that follow each other become one span, a gap begins another', async t => {
  const labels = new LabelSummaries(0.5, 20, {})
  for (let at = 0; at < 10; at += 0.5) labels.add([0, 0.5, 1, 2, 8, 8.5].includes(at) ? aFrame(at, 'boat') : aFrame(at))
  t.strictSame(labels.list(), [
    {
      label: 'boat',
      frames: 6,
      maxCount: 1,
      confidence: 0.5,
      band: 'low',
      spans: [
        { start: 0, end: 2.5 },
        { start: 8, end: 9 },
      ],
    },
  ])
})

t.test('a frame is shown until the next one, or until the end', async t => {
  const labels = new LabelSummaries(1, 100, {})
  labels.add(aFrame(0, 'boat'))
  labels.add(aFrame(40, 'boat', 'person'))
  t.strictSame(
    labels.list().map(({ label, spans }) => [label, spans]),
    [
      ['boat', [{ start: 0, end: 41 }]],
      ['person', [{ start: 40, end: 41 }]],
    ],
    'until more is known the last frame counts for one interval',
  )
  labels.add(aFrame(70, 'person'))
  labels.finish(90)
  t.strictSame(
    labels.list().map(({ label, spans }) => [label, spans]),
    [
      ['boat', [{ start: 0, end: 70 }]],
      ['person', [{ start: 40, end: 90 }]],
    ],
  )
})

t.test('no span ends after the video', async t => {
  const labels = new LabelSummaries(0.5, 1.2, {})
  labels.add(aFrame(1, 'boat'))
  t.strictSame(labels.list()[0]?.spans, [{ start: 1, end: 1.2 }])
})

t.test('the most seen at once is counted', async t => {
  const labels = new LabelSummaries(0.5, 20, {})
  labels.add(aFrame(0, 'boat', 'person', 'boat'))
  labels.add(aFrame(0.5, 'boat'))
  t.strictSame(
    labels.list().map(({ label, frames, maxCount }) => [label, frames, maxCount]),
    [
      ['boat', 2, 2],
      ['person', 1, 1],
    ],
  )
})

t.test('a label seen once and unsurely comes last', async t => {
  const labels = new LabelSummaries(0.5, 20, {})
  const box = { x: 0, y: 0, width: 1, height: 1 }
  labels.add({ at: 0, objects: [{ label: 'kite', confidence: 0.9, box }] })
  for (const at of [1, 1.5, 2, 2.5]) labels.add({ at, objects: [{ label: 'boat', confidence: 0.4, box }] })
  t.strictSame(
    labels.list().map(({ label }) => label),
    ['boat', 'kite'],
  )
})

t.test('more spans than can be sent become fewer and coarser, and none is lost', async t => {
  const labels = new LabelSummaries(0.5, 100_000, {})
  for (let i = 0; i < 3000; i += 1) {
    labels.add(aFrame(i * 10, 'boat'))
    labels.add(aFrame(i * 10 + 0.5))
  }
  const [boat] = labels.list()
  t.equal(boat?.frames, 3000)
  t.ok((boat?.spans.length ?? 0) <= 1000)
  t.equal(boat?.spans[0]?.start, 0)
  t.equal(boat?.spans.at(-1)?.end, 29_990.5)
})
