import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import { assert } from '../../lib/assert.js'
import type { Tables } from '../schema.js'

type Parameters = readonly (string | number)[]

/**
 * A query that is built and compiled only once, for frequent reads: Kysely takes longer to build one than SQLite to run
 * it. `build` must use each parameter exactly once, in order.
 */
export function preparedQuery<P extends Parameters, Row>(
  build: (db: Kysely<Tables>, ...parameters: P) => Compilable<Row>,
): (db: Kysely<Tables>, ...parameters: P) => Promise<readonly Row[]> {
  let compiled: CompiledQuery<Row> | undefined
  return async (db, ...parameters) => {
    compiled ??= compile(build(db, ...parameters).compile(), parameters)
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters })
    return rows
  }
}

function compile<Row>(query: CompiledQuery<Row>, parameters: Parameters): CompiledQuery<Row> {
  const inOrder = query.parameters.every((value, at) => value === parameters[at])
  assert(inOrder && query.parameters.length === parameters.length, 'each parameter is used once, in order')
  return query
}
