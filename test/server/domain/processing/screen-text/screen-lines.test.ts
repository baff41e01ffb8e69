import { ScreenLines } from '@cuewire/server/domain/processing/screen-text/screen-lines.js'
import t from 'tap'

const BOX = { x: 0.1, y: 0.1, width: 0.4, height: 0.05 }
const BELOW = { ...BOX, y: 0.3 }
const line = (text: string, { box = BOX, confidence = 0.9, moves = false } = {}) => ({ text, box, confidence, moves })
const all = () => true

t.test('a line is one item from its first frame to its end', async t => {
  const lines = new ScreenLines()
  const [first] = lines.add([line('High tide at noon')], { from: 1, until: 3 })
  t.match(first, { index: 0, start: 1, end: 3, text: 'High tide at noon' })
  t.ok(lines.hasLineAt(BOX))
  t.match(lines.end(9, all), [{ index: 0, start: 1, end: 9 }])
  t.ok(lines.isEmpty)
})

t.test('the same text at the same place goes on, with the text read best', async t => {
  const lines = new ScreenLines()
  lines.add([line('Hlgh tide at n0on')], { from: 0, until: 1 })
  lines.end(4, all)
  const [again] = lines.add([line('High tide at noon', { confidence: 0.95 })], { from: 6, until: 7 })
  t.match(again, { index: 0, start: 0, end: 7, text: 'High tide at noon' })
  lines.end(8, all)
  t.match(lines.add([line('High tide at noon')], { from: 12, until: 13 }), [{ index: 1, start: 12 }], 'not much later')
})

t.test('other text at the place, and the same text elsewhere, are new lines', async t => {
  const lines = new ScreenLines()
  lines.add([line('High tide at noon')], { from: 0, until: 1 })
  t.match(
    lines.add([line('Boats leave early')], { from: 5, until: 6 }),
    [
      { index: 0, end: 5 },
      { index: 1, start: 5 },
    ],
    'the former line ends',
  )
  t.match(lines.add([line('Boats leave early', { box: BELOW })], { from: 6, until: 7 }), [{ index: 2 }])
})

t.test('a line that is being typed grows, and a slide that begins like the last one is new', async t => {
  const lines = new ScreenLines()
  const longer = { ...BOX, width: 0.8 }
  lines.add([line('High tide')], { from: 0, until: 1 })
  t.match(lines.add([line('High tide at noon', { box: longer })], { from: 1, until: 2 }), [
    { index: 0, start: 0, text: 'High tide at noon', box: longer },
  ])
  lines.end(2, all)
  t.match(lines.add([line('High tide at noon and low tide', { box: longer })], { from: 2, until: 3 }), [{ index: 1 }])
})

t.test('text that moves is one line', async t => {
  const lines = new ScreenLines()
  lines.add([line('High tide at noon', { moves: true })], { from: 0, until: 1 })
  lines.end(1, all)
  const moved = line('High tide at noon', { box: BELOW, moves: true })
  t.match(lines.add([moved], { from: 4, until: 5 }), [{ index: 0, start: 0, end: 5 }])
})

t.test('there is one title at a time, and it stays the title', async t => {
  const lines = new ScreenLines()
  const title = line('Tides', { box: { ...BOX, height: 0.1 } })
  const points = [line('High tide at noon', { box: BELOW }), line('Low tide at six', { box: { ...BOX, y: 0.4 } })]
  t.match(lines.add([...points, title], { from: 0, until: 1 }), [
    { index: 0, text: 'Tides', role: 'title' },
    { index: 1, role: 'line' },
    { index: 2, role: 'line' },
  ])
  const larger = line('Look', { box: { x: 0.6, y: 0.02, width: 0.2, height: 0.2 } })
  t.match(lines.add([larger], { from: 2, until: 3 }), [{ index: 3, role: 'line' }])
})

t.test('what a checkpoint holds is all there is', async t => {
  const lines = new ScreenLines()
  lines.add([line('High tide at noon'), line('Low tide at six', { box: BELOW })], { from: 0, until: 1 })
  lines.end(3, box => box === BELOW)
  const resumed = new ScreenLines(JSON.parse(JSON.stringify(lines.state)))
  t.same(resumed.end(5, all), lines.end(5, all))
  const again = [line('Low tide at six', { box: BELOW })]
  t.same(resumed.add(again, { from: 5, until: 6 }), lines.add(again, { from: 5, until: 6 }))
})
