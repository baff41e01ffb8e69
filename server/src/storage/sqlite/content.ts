import { KIND_NAMES, type KindItem, type KindName, kindOf } from '@cuewire/protocol'
import { type RawBuilder, sql } from 'kysely'
import { decodeCursor, encodeCursor, toPage } from '../cursor.js'
import { fromJson, parser } from '../parse-json.js'
import type { ContentStore } from '../store.js'
import { clearDraft, writeItems } from './content-writer.js'
import { beginDraft, completeDraft, draftResult, openDraft, visibleResult } from './drafts.js'
import { inTransaction } from './in-transaction.js'
import { showTexts } from './large-results.js'
import { renameSpeaker } from './rename-speaker.js'
import type { TenantDb } from './tenant-db.js'

type Parsers = { readonly [K in KindName]: (value: unknown) => KindItem<K> }

const PARSERS = Object.fromEntries(
  KIND_NAMES.map(name => [name, parser(`item of ${name}`, kindOf(name).item)]),
) as Parsers

/** What the stages found, in SQLite. */
export function createSqliteContent({ db, reads, removeReplaced, tenant, damaged }: TenantDb): ContentStore {
  return {
    async begin(videoId, kind, jobId) {
      await inTransaction(db, trx => beginDraft(trx, { tenant, videoId, kind, jobId }))
      await removeReplaced({ tenant, videoId, kind })
    },

    async complete(videoId, kind, jobId) {
      const run = { tenant, videoId, kind, jobId }
      // For a moment, searches find both the previous and the new result.
      await showTexts(db, run)
      await inTransaction(db, trx => completeDraft(trx, run))
      await removeReplaced({ tenant, videoId, kind })
    },

    add: (videoId, kind, jobId, items) =>
      inTransaction(db, async trx => {
        const draft = await openDraft(trx, { tenant, videoId, kind, jobId })
        await writeItems(trx, { tenant, videoId, kind, draft }, items.map(PARSERS[kind]))
        await trx
          .updateTable('jobs')
          .set({ crashes: 0 })
          .where('tenant', '=', tenant)
          .where('id', '=', jobId)
          .where('crashes', '>', 0)
          .execute()
      }),

    replace: (videoId, kind, jobId, items) =>
      inTransaction(db, async trx => {
        const draft = await openDraft(trx, { tenant, videoId, kind, jobId })
        await clearDraft(trx, draft)
        await writeItems(trx, { tenant, videoId, kind, draft }, items.map(PARSERS[kind]))
      }),

    async list<K extends KindName>(videoId: string, kind: K, query: Parameters<ContentStore['list']>[2]) {
      const { start, end, labels, after, draftOf, limit, cursor } = query
      const list = `${kind}/${videoId}`
      const whose = { tenant, videoId, kind }
      const result = draftOf ? draftResult(reads, { ...whose, jobId: draftOf }) : visibleResult(reads, whose)
      let selected = reads.selectFrom('items').select(['position', 'data']).where('result_id', '=', result)
      if (cursor !== undefined) {
        const [position] = decodeCursor(list, ['number'], cursor)
        selected = selected.where(sql<boolean>`position > ${position}`)
      }
      if (after !== undefined) selected = selected.where(sql<boolean>`position > ${after}`)
      // An instant overlaps [start, end) although its end is not after its start.
      if (start !== undefined)
        selected = selected.where(({ or, eb }) => or([eb('end_time', '>', start), eb('start_time', '>=', start)]))
      if (end !== undefined) selected = selected.where('start_time', '<', end)
      if (labels !== undefined) selected = selected.where(holdsLabel(kind, labels))
      const rows = await selected
        .orderBy('position')
        .limit(limit + 1)
        .execute()
      const reader = {
        table: 'items',
        id: (row: Found) => `${videoId}/${kind}/${row.position}`,
        read: (row: Found) => onlyOf(kind, labels, PARSERS[kind](fromJson(row.data))),
      } as const
      return toPage(rows, limit, {
        item: row => damaged.readIfWhole(reader, row),
        cursor: row => encodeCursor(list, [row.position]),
      })
    },

    renameSpeaker: (videoId, name) => inTransaction(db, trx => renameSpeaker(trx, { tenant, videoId, ...name })),

    async counts(videoId) {
      const counts = await Promise.all(
        KIND_NAMES.map(async kind => {
          const { count } = await reads
            .selectFrom('items')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where('result_id', '=', visibleResult(reads, { tenant, videoId, kind }))
            .executeTakeFirstOrThrow()
          return [kind, count] as const
        }),
      )
      return Object.fromEntries(counts) as Record<KindName, number>
    },
  }
}

interface Found {
  readonly position: number
  readonly data: string
}

/** Items with one of the labels: their own, or that of an entry of the array the kind names. */
function holdsLabel(kind: KindName, labels: readonly string[]) {
  const { labels: where } = kindOf(kind)
  if (where === undefined || labels.length === 0) return sql<boolean>`0`
  const isAsked = (label: RawBuilder<unknown>) => sql`${label} in (${sql.join(labels)})`
  if (where === true) return ifJson(isAsked(sql`data ->> 'label'`))
  const labelOfEntry = sql`case o.type when 'object' then o.value ->> 'label' end`
  return ifJson(sql`exists (select 1 from json_each(data, ${`$.${where}`}) as o where ${isAsked(labelOfEntry)})`)
}

/**
 * A condition on `data` that is true for invalid JSON. Otherwise SQLite would fail there; this way the reader reports
 * the damage.
 */
function ifJson(condition: RawBuilder<unknown>) {
  return sql<boolean>`case when json_valid(data) then ${condition} else 1 end`
}

/** The item with only those entries that have one of the labels. */
function onlyOf<T extends object>(kind: KindName, labels: readonly string[] | undefined, item: T): T {
  const { labels: where } = kindOf(kind)
  if (labels === undefined || where === undefined || where === true) return item
  const entries = (item as Record<string, readonly { readonly label: string }[]>)[where] ?? []
  return { ...item, [where]: entries.filter(({ label }) => labels.includes(label)) }
}
