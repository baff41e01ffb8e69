import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import { assert } from '../../lib/assert.js'
import type { Awaitable } from '../../lib/awaitable.js'
import type { Tables } from '../schema.js'
import type { TenantDb } from './tenant-db.js'

type Parameters = readonly (string | number)[]

/**
 * A query for frequent look-ups. It is built and compiled only once, because Kysely takes longer to build one than SQLite to
 * run it; outside a transaction SQLite runs it at once. `build` must use each parameter exactly once, in order.
 */
export function preparedQuery<P extends Parameters, Row>(
  build: (db: Kysely<Tables>, ...parameters: P) => Compilable<Row>,
): (scope: Pick<TenantDb, 'db' | 'committed'>, ...parameters: P) => Awaitable<readonly Row[]> {
  let compiled: CompiledQuery<Row> | undefined
  return ({ db, committed }, ...parameters) => {
    compiled ??= compile(build(db, ...parameters).compile(), parameters)
    if (committed) return committed.prepare(compiled.sql).all(parameters) as Row[]
    return db.executeQuery<Row>({ ...compiled, parameters }).then(({ rows }) => rows)
  }
}

function compile<Row>(query: CompiledQuery<Row>, parameters: Parameters): CompiledQuery<Row> {
  const inOrder = query.parameters.every((value, at) => value === parameters[at])
  assert(inOrder && query.parameters.length === parameters.length, 'each parameter is used once, in order')
  return query
}
