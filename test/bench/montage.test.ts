import { STOCKS } from '@cuewire/bench/quality/montage/footage.js'
import { planMontage } from '@cuewire/bench/quality/montage/montage.js'
import { frameAt } from '@cuewire/bench/quality/montage/render-montage.js'
import { f1, score } from '@cuewire/bench/quality/montage/score.js'
import t from 'tap'

const { signal } = new AbortController()

t.test('a seed always plans the same montage, whose frames change where its truth says', async t => {
  const stock = { ...STOCKS.development, recordings: [] }
  const [montage, again] = [await planMontage(7, stock, signal), await planMontage(7, stock, signal)]
  t.same(montage.transitions, again.transitions)
  t.same(montage.distractors, again.distractors)
  t.ok(montage.transitions.length > 15)
  for (const { type, start, end } of montage.transitions) {
    t.ok(end >= start && (type === 'cut') === (end === start))
    t.ok(frameAt(montage, start).length > 0)
  }
  const cut = montage.transitions.find(({ type }) => type === 'cut')
  const [before, after] = [(cut?.start ?? 0) - 1 / montage.rate, cut?.start ?? 0]
  const change = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, value, n) => sum + Math.abs(value - (b[n] ?? 0)), 0)
  t.ok(change(frameAt(montage, before), frameAt(montage, after)) / frameAt(montage, after).length > 5)
})

t.test('a boundary counts once, in its place and of its type', t => {
  const truth = [
    { type: 'cut', start: 1, end: 1 },
    { type: 'dissolve', start: 3, end: 5 },
    { type: 'fade', start: 8, end: 9 },
  ] as const
  const right = [
    { at: 1.04, type: 'cut' },
    { at: 4.2, type: 'dissolve' },
    { at: 8.5, type: 'fade' },
  ] as const
  t.equal(f1(score(truth, right).all), 1)
  t.equal(f1(score(truth, right).byType.fade), 1)
  const twice = score(truth, [...right, { at: 1.06, type: 'cut' }])
  t.same(twice.all, { hits: 3, missed: 0, wrong: 1 })
  t.match(twice.falseAlarms, [{ at: 1.06 }])
  const asCut = score(truth, [{ at: 8.5, type: 'cut' }])
  t.same(asCut.all, { hits: 1, missed: 2, wrong: 0 })
  t.same(asCut.byType.fade, { hits: 0, missed: 1, wrong: 0 })
  t.same(asCut.byType.cut, { hits: 0, missed: 1, wrong: 1 })
  t.same(score(truth, [{ at: 1.2, type: 'cut' }]).all, { hits: 0, missed: 3, wrong: 1 })
  t.end()
})
