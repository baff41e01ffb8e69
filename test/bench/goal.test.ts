import { atLeast, atMost, goalsText } from '@cuewire/bench/lib/goal.js'
import t from 'tap'

t.test('a goal is met at its limit, and missed beyond it or without a number', async t => {
  t.equal(atMost('wait', 20, { value: 20 }).met, true)
  t.equal(atMost('wait', 20, { value: 20.1 }).met, false)
  t.equal(atLeast('speed', 10, { value: 10 }).met, true)
  t.equal(atLeast('speed', 10, { value: 9.9 }).met, false)
  t.equal(atMost('wait', 20, { value: Number.NaN }).met, false)
  t.equal(atLeast('speed', 10, { value: Number.NaN }).met, false)
})

t.test('the table says what was measured, and why a goal was missed', async t => {
  const text = goalsText([
    atMost('wait', 20, { value: 3.72, unit: ' ms', digits: 1, because: 'the machine was busy' }),
    atLeast('ratio', 0.8, { value: 0.684, because: '0.4 us beside 0.3' }),
  ])
  t.equal(
    text,
    [
      'all targets  measured    target',
      'wait           3.7 ms  <= 20 ms      met',
      'ratio            0.68    >= 0.8  NOT MET',
      'ratio: 0.4 us beside 0.3',
    ].join('\n'),
  )
})
