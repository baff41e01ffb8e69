/**
 * Pairs rows with columns so that the sum of costs is least: the Hungarian algorithm with shortest augmenting paths
 * (Kuhn 1955; Jonker and Volgenant 1987), O(rows^2 x columns). Returns the column of each row; undefined if there are more rows than
 * columns and it has none. Costs must be finite.
 */
export function assign(costs: readonly (readonly number[])[]): (number | undefined)[] {
  const rows = costs.length
  const columns = costs[0]?.length ?? 0
  if (rows === 0 || columns === 0) return costs.map(() => undefined)
  if (rows > columns) return transposed(assign(flipped(costs)), rows)
  // Rows and columns count from 1; column 0 stands for the row being placed.
  const rowPotential = new Float64Array(rows + 1)
  const columnPotential = new Float64Array(columns + 1)
  const rowOf = new Int32Array(columns + 1)
  for (let row = 1; row <= rows; row += 1) {
    rowOf[0] = row
    const distance = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY)
    const before = new Int32Array(columns + 1)
    const done = new Uint8Array(columns + 1)
    let at = 0
    do {
      done[at] = 1
      const current = rowOf[at] ?? 0
      let nearest = 0
      let step = Number.POSITIVE_INFINITY
      for (let column = 1; column <= columns; column += 1) {
        if (done[column]) continue
        const cost = costs[current - 1]?.[column - 1] ?? 0
        const reduced = cost - (rowPotential[current] ?? 0) - (columnPotential[column] ?? 0)
        if (reduced < (distance[column] ?? 0)) {
          distance[column] = reduced
          before[column] = at
        }
        if ((distance[column] ?? 0) < step) {
          step = distance[column] ?? 0
          nearest = column
        }
      }
      for (let column = 0; column <= columns; column += 1) {
        if (done[column]) {
          const owner = rowOf[column] ?? 0
          rowPotential[owner] = (rowPotential[owner] ?? 0) + step
          columnPotential[column] = (columnPotential[column] ?? 0) - step
        } else distance[column] = (distance[column] ?? 0) - step
      }
      at = nearest
    } while (rowOf[at] !== 0)
    while (at !== 0) {
      const previous = before[at] ?? 0
      rowOf[at] = rowOf[previous] ?? 0
      at = previous
    }
  }
  return transposed(
    Array.from(rowOf.subarray(1), row => (row === 0 ? undefined : row - 1)),
    rows,
  )
}

function flipped(costs: readonly (readonly number[])[]): number[][] {
  return (costs[0] ?? []).map((_, column) => costs.map(row => row[column] ?? 0))
}

/** From the partner of each item on one side to the partner of each of `count` items on the other. */
function transposed(partners: readonly (number | undefined)[], count: number): (number | undefined)[] {
  const others = new Array<number | undefined>(count).fill(undefined)
  for (const [at, partner] of partners.entries()) if (partner !== undefined) others[partner] = at
  return others
}
