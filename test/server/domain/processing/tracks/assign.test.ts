import { assign } from '@cuewire/server/domain/processing/tracks/assign.js'
import fc from 'fast-check'
import t from 'tap'

const costOf = (costs: readonly (readonly number[])[], pairs: readonly (number | undefined)[]) =>
  pairs.reduce<number>((sum, column, row) => sum + (column === undefined ? 0 : (costs[row]?.[column] ?? 0)), 0)

/** Least cost over all ways to pair as many rows as possible, by trying them all. */
function leastCost(costs: readonly (readonly number[])[]): number {
  const columns = costs[0]?.length ?? 0
  const place = (row: number, free: ReadonlySet<number>, unpaired: number): number => {
    if (row === costs.length) return 0
    const tries = [...free].map(column => {
      const rest = new Set(free)
      rest.delete(column)
      return (costs[row]?.[column] ?? 0) + place(row + 1, rest, unpaired)
    })
    if (unpaired > 0) tries.push(place(row + 1, free, unpaired - 1))
    return Math.min(...tries)
  }
  return place(0, new Set(Array.from({ length: columns }, (_, at) => at)), Math.max(0, costs.length - columns))
}

const aTable = fc
  .record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 5 }) })
  .chain(({ rows, columns }) => {
    const row = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: columns, maxLength: columns })
    return fc.array(row, { minLength: rows, maxLength: rows })
  })

t.test('the sum is the least there is, every column is given once, and all of the shorter side are paired', async t => {
  const check = () =>
    fc.assert(
      fc.property(aTable, costs => {
        const pairs = assign(costs)
        const given = pairs.filter(column => column !== undefined)
        return (
          pairs.length === costs.length &&
          new Set(given).size === given.length &&
          given.length === Math.min(costs.length, costs[0]?.length ?? 0) &&
          costOf(costs, pairs) === leastCost(costs)
        )
      }),
    )
  t.doesNotThrow(check)
})

t.test('nothing to pair', async t => {
  t.strictSame(assign([]), [])
  t.strictSame(assign([[], []]), [undefined, undefined])
})
