import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Tables } from '../schema.js'
import { QueryThread } from './query-thread.js'

/** A read-only connection that runs each query in the least busy thread. */
export function readByThreads(file: string, count: number): Kysely<Tables> {
  const threads = Array.from({ length: count }, () => new QueryThread(file))
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new QueryThreadsDriver(threads),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: db => new SqliteIntrospector(db),
  }
  return new Kysely<Tables>({ dialect })
}

class QueryThreadsDriver implements Driver {
  constructor(private readonly threads: readonly QueryThread[]) {}

  async init(): Promise<void> {
    // Nothing to do: a thread starts with its first query.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const [thread] = [...this.threads].sort((a, b) => a.load - b.load)
    if (!thread) throw new Error('there is no thread to read the database')
    return {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        return { rows: (await thread.all(sql, parameters)) as R[] }
      },
      streamQuery: () => {
        throw new Error('the threads give all rows at once')
      },
    }
  }

  async releaseConnection(): Promise<void> {
    // Nothing to release: threads are shared.
  }

  async beginTransaction(): Promise<void> {
    throw new Error('the threads only read')
  }

  async commitTransaction(): Promise<void> {
    throw new Error('the threads only read')
  }

  async rollbackTransaction(): Promise<void> {
    throw new Error('the threads only read')
  }

  async destroy(): Promise<void> {
    await Promise.all(this.threads.map(thread => thread.close()))
  }
}
