import { TimedHistory } from '@cuewire/server/domain/processing/scenes/timed-history.js'
import t from 'tap'

t.test('what a long span gives does not depend on when it is asked for, and memory is bounded', async t => {
  const RECENT = 64
  const given = (late: number) => {
    const history = new TimedHistory<number>(RECENT)
    for (let index = 0; index < 40; index += 1) history.push(index, index)
    history.take(0, 3)
    for (let index = 40; index < 20_000 + late; index += 1) history.push(index, index)
    t.ok(history.state.entries.length <= RECENT + 512)
    return { span: history.take(3, 20_000), next: history.take(20_000, 20_010) }
  }
  const [early, late] = [given(10), given(60)]
  t.strictSame(early.span, late.span)
  t.ok(early.span.length > 100 && early.span.length <= 256)
  t.strictSame(late.next, [20_000, 20_001, 20_002, 20_003, 20_004, 20_005, 20_006, 20_007, 20_008, 20_009])
})

t.test('a short span is given whole, and everything before its end is forgotten', async t => {
  const history = new TimedHistory<string>(4)
  for (const [at, value] of [...'abcde'].entries()) history.push(at, value)
  t.strictSame(history.take(1, 3), ['b', 'c'])
  t.strictSame(
    history.state.entries.map(({ value }) => value),
    ['d', 'e'],
  )
})
