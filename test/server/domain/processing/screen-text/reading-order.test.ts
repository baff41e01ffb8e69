import { inReadingOrder, joinParts } from '@cuewire/server/domain/processing/screen-text/reading-order.js'
import t from 'tap'

const boxAt = (x: number, y: number, width: number, height = 0.05) => ({ x, y, width, height })

t.test('parts of a line are joined, and separate lines and columns are not', async t => {
  const [name, line] = [boxAt(0.1, 0.1, 0.2), boxAt(0.3, 0.1, 0.2)]
  t.match(joinParts([line, name]), [{ x: 0.1, y: 0.1, width: 0.4 }], 'in any order')
  t.equal(joinParts([name, boxAt(0.1, 0.16, 0.2)]).length, 2, 'one below the other')
  t.equal(joinParts([name, boxAt(0.4, 0.1, 0.2)]).length, 2, 'far apart')
  t.equal(joinParts([name, boxAt(0.3, 0.08, 0.2, 0.1)]).length, 2, 'of unlike sizes')
  t.same(joinParts([]), [])
})

t.test('a title is read first, then column by column, or line by line', async t => {
  const order = (lines: Record<string, ReturnType<typeof boxAt>>) =>
    inReadingOrder(Object.entries(lines).map(([name, box]) => ({ name, box }))).map(({ name }) => name)
  const columns = {
    right2: boxAt(0.55, 0.4, 0.3),
    left1: boxAt(0.1, 0.3, 0.3),
    title: boxAt(0.1, 0.1, 0.7, 0.1),
    right1: boxAt(0.55, 0.3, 0.3),
    left2: boxAt(0.1, 0.4, 0.35),
  }
  t.same(order(columns), ['title', 'left1', 'left2', 'right1', 'right2'])
  const pair = { value: boxAt(0.6, 0.31, 0.1), key: boxAt(0.1, 0.3, 0.2), last: boxAt(0.1, 0.5, 0.5) }
  t.same(order(pair), ['key', 'value', 'last'])
})
