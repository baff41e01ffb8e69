import { NOTHING_READ, ReadableSpans, type ReadableState } from '@cuewire/server/domain/transcript/readable-spans.js'
import t from 'tap'

type Mark = 'same' | 'unknown' | 'other'

/** Which spans of 8 s with this evidence are readable: in words, `+` and `-`. */
function judged(evidence: readonly number[], marked: Mark = 'unknown'): string {
  const spans = new ReadableSpans<number>(NOTHING_READ, marked)
  const decided = [
    ...evidence.flatMap((value, at) => spans.add(at, { seconds: 8, evidence: value })),
    ...spans.finish(),
  ]
  t.strictSame(
    decided.map(({ item }) => item),
    evidence.map((_, at) => at),
    'each span once, in order',
  )
  return decided.map(({ readable }) => (readable ? '+' : '-')).join('')
}

t.test('spans are judged with those around them', async t => {
  t.equal(judged([0.9, 0.8, 0.92]), '+++')
  t.equal(judged([0, 0.55, 0.3, 0]), '----', 'another language')
  t.equal(judged([0.9, 0.55, 0.9]), '+++', 'English that is hard to hear')
  t.equal(judged([0, 0.66, 0]), '---', 'invented English in another language')
  t.equal(judged([0, 0, 0, 0.85, 0.88, 0, 0]), '---++--', 'English within another language')
  t.equal(judged([0.9, 0.9, 0, 0.5, 0.3, 0, 0.9]), '++----+', 'another language within English')
  t.equal(judged([0.9, 0.9, 0.45, 0.9, 0.9]), '++-++', 'not intelligible')
})

t.test('the language mark tips the balance in doubt only', async t => {
  t.strictSame(
    (['same', 'unknown', 'other'] as const).map(marked => judged([0.58], marked)),
    ['+', '-', '-'],
  )
  t.strictSame(
    (['same', 'unknown', 'other'] as const).map(marked => judged([0.85, 0.9], marked)),
    ['++', '++', '++'],
    'marks can be wrong',
  )
  t.equal(judged([0.3, 0.2], 'same'), '--')
})

t.test('clear spans are decided at once, doubtful ones wait for the next two', async t => {
  const spans = new ReadableSpans<string>(NOTHING_READ, 'unknown')
  const add = (item: string, evidence: number) => spans.add(item, { seconds: 5, evidence }).map(decided => decided.item)
  t.strictSame(add('clear', 0.9), ['clear'])
  t.strictSame(add('empty', 0), ['empty'])
  t.strictSame(add('doubtful', 0.6), [])
  t.strictSame(add('clear, but after it', 0.9), [])
  t.strictSame(add('second after it', 0), ['doubtful', 'clear, but after it', 'second after it'])
})

t.test('a recording continued from its state is judged alike', async t => {
  const evidence = [0.9, 0, 0.62, 0.3, 0.7, 0.9, 0.9, 0.55, 0, 0.9]
  const item = (at: number) => ({ seconds: 8, evidence: evidence[at] ?? 0 })
  const judge = (from: number, state: ReadableState) => {
    const spans = new ReadableSpans<number>(state, 'unknown')
    return [...evidence.slice(from).flatMap((_, at) => spans.add(from + at, item(from + at))), ...spans.finish()]
  }
  const whole = judge(0, NOTHING_READ)
  for (const [at, { state }] of whole.entries()) t.strictSame(judge(at + 1, state), whole.slice(at + 1))
  t.match(whole.at(-1)?.state, { readSeconds: 56, unreadSeconds: 24 })
})
