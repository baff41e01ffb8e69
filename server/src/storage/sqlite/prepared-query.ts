import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import { assert } from '../../lib/assert.js'
import type { Tables } from '../schema.js'

type Parameters = readonly (string | number)[]

/**
 * A query that is built and compiled once, for reads that clients repeat often: building one with Kysely takes longer
 * than running it. `build` must use each of its parameters once, in order, as a value.
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
