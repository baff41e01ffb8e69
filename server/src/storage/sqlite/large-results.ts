import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { Id } from '@cuewire/protocol'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../schema.js'
import { type ResultKind, type Run, resultsOf } from './drafts.js'

/**
 * Rows changed per step. A result may have a hundred thousand rows; each costs the search index some microseconds, a
 * long one more, and SQLite blocks the event loop meanwhile.
 */
const BATCH_ROWS = 200
const BATCH_CHARACTERS = 40_000

/** Makes the texts of a run's draft visible to searches, where a complete result has hidden them. */
export async function showTexts(db: Kysely<Tables>, run: Run): Promise<void> {
  const { draft, complete } = await resultsOf(db, run)
  if (draft?.job_id !== run.jobId || complete === undefined) return
  await inBatches(db, { table: 'texts', resultId: draft.id }, async (from, to) => {
    await db
      .updateTable('texts')
      .set({ visible: 1 })
      .where('result_id', '=', draft.id)
      .where('position', '>', from)
      .where('position', '<=', to)
      .where('visible', '=', 0)
      .execute()
  })
}

export interface ReplacedResults {
  readonly tenant: string
  readonly videoId: Id
  /** @default every kind */
  readonly kind?: ResultKind
}

export type RemoveReplaced = (replaced: ReplacedResults) => Promise<void>

/** Removes replaced or abandoned results of a video. Those left by a crash are removed by `dropReplacedResults`. */
export async function removeReplaced(
  db: Kysely<Tables>,
  { tenant, videoId, kind }: ReplacedResults,
  signal?: AbortSignal,
): Promise<void> {
  const replaced = await db
    .selectFrom('results')
    .select('id')
    .where('tenant', '=', tenant)
    .where('video_id', '=', videoId)
    .$if(kind !== undefined, query => query.where('kind', '=', kind ?? ''))
    .where('complete', '<', 0)
    .execute()
  for (const { id } of replaced) {
    for (const table of ['texts', 'items', 'vectors'] as const)
      await inBatches(db, { table, resultId: id, signal }, async (_from, to) => {
        await db.deleteFrom(table).where('result_id', '=', id).where('position', '<=', to).execute()
      })
    await db.deleteFrom('results').where('id', '=', id).execute()
  }
}

/** The size of a row: what of it may be long. */
const SIZE = {
  texts: sql<number>`length(text)`,
  items: sql<number>`length(data)`,
  vectors: sql<number>`length(vector)`,
} as const

interface Rows {
  readonly table: keyof typeof SIZE
  readonly resultId: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Processes the rows of a result by position, in batches. Between batches it pauses for as long as the last one took,
 * because other writers poll for the lock.
 */
async function inBatches(
  db: Kysely<Tables>,
  { table, resultId, signal }: Rows,
  change: (from: number, to: number) => Promise<void>,
): Promise<void> {
  let from = -1
  for (;;) {
    const startedAt = performance.now()
    const rows = await db
      .selectFrom(table)
      .select(['position', SIZE[table].as('size')])
      .where('result_id', '=', resultId)
      .where('position', '>', from)
      .orderBy('position')
      .limit(BATCH_ROWS)
      .execute()
    if (rows.length === 0) return
    let to = from
    let characters = 0
    for (const { position, size } of rows) {
      if (characters > BATCH_CHARACTERS) break
      to = position
      characters += size
    }
    await change(from, to)
    from = to
    // During a transaction nobody else can write anyway.
    if (db.isTransaction) await setImmediate()
    else await sleep(performance.now() - startedAt, undefined, { signal })
  }
}
