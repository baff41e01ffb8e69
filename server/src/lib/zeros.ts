/** Zero counters for every key of a table. */
export function zeros<K extends string>(table: Readonly<Record<K, unknown>>): Record<K, number> {
  return Object.fromEntries(Object.keys(table).map(key => [key, 0])) as Record<K, number>
}
