import { Id, MODALITIES, type Modality, Seconds, Title, text } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import { sql } from 'kysely'
import type { RowReader } from '../damaged-rows.js'
import { parser } from '../parse-json.js'
import type { SearchIndex, TextHit } from '../store.js'
import { matchAny } from './match-any.js'
import type { TenantDb } from './tenant-db.js'

const parseHit = parser(
  'search row',
  Type.Object({
    modality: Type.Unsafe<Modality>({ type: 'string', enum: MODALITIES }),
    videoId: Id,
    videoTitle: Title,
    index: Type.Integer(),
    start: Seconds,
    end: Seconds,
    text: text(),
  }),
)

const HIT: RowReader<Pick<TextHit, 'videoId' | 'index'> & { readonly modality: string }, TextHit> = {
  table: 'texts',
  id: row => `${row.videoId}/${row.modality}/${row.index}`,
  read: parseHit,
}

/** Full-text search by FTS5: words are folded (case, accents) and stemmed (Porter), rows ranked by BM25. */
export function createSqliteSearch(scope: TenantDb): SearchIndex {
  const { reads, tenant, damaged } = scope
  const index = reads.withTables<{ texts_fts: { rowid: number; rank: number } }>()

  return {
    async search({ terms, videoIds, modalities, limit }) {
      if (terms.length === 0) return []
      let best = index
        .selectFrom('texts_fts')
        .select(['texts_fts.rowid', 'texts_fts.rank'])
        .where(sql<boolean>`texts_fts match ${matchAny(tenant, terms)}`)
        // With a second sort key SQLite sorts itself, which is faster than sorting in FTS5.
        .orderBy('texts_fts.rank')
        .orderBy('texts_fts.rowid')
        .limit(limit)
      if (videoIds !== undefined || modalities !== undefined) {
        best = best
          .innerJoin('texts', 'texts.id', 'texts_fts.rowid')
          .$if(videoIds !== undefined, query => query.where('texts.video_id', 'in', videoIds ?? []))
          .$if(modalities !== undefined, query => query.where('texts.modality', 'in', modalities ?? []))
      }
      const rows = await index
        .selectFrom(best.as('best'))
        .innerJoin('texts', 'texts.id', 'best.rowid')
        .innerJoin('videos', join =>
          join.onRef('videos.tenant', '=', 'texts.tenant').onRef('videos.id', '=', 'texts.video_id'),
        )
        .select(['texts.modality', 'texts.video_id as videoId', 'videos.title as videoTitle', 'texts.text'])
        .select(['texts.position as index', 'texts.start_time as start', 'texts.end_time as end'])
        .orderBy('best.rank')
        .orderBy('best.rowid')
        .execute()
      return damaged.readWhole(HIT, rows)
    },

    async frequencies(terms, videoIds) {
      const of = new Map<string, number>()
      for (const term of new Set(terms)) of.set(term, await countMatches(scope, term, videoIds))
      return { rows: await countRows(scope, videoIds), of }
    },
  }
}

async function countRows({ reads, tenant }: TenantDb, videoIds: readonly Id[] | undefined): Promise<number> {
  let query = reads
    .selectFrom('texts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('visible', '=', 1)
  if (videoIds !== undefined) query = query.where('video_id', 'in', videoIds)
  return (await query.executeTakeFirstOrThrow()).count
}

async function countMatches(
  { reads, tenant }: TenantDb,
  term: string,
  videoIds: readonly Id[] | undefined,
): Promise<number> {
  const matches = sql`select rowid from texts_fts where texts_fts match ${matchAny(tenant, [term])}`
  const counted =
    videoIds === undefined
      ? sql<{ count: number }>`select count(*) as count from (${matches})`
      : sql<{
          count: number
        }>`select count(*) as count from texts where tenant = ${tenant} and video_id in (${sql.join(videoIds)}) and id in (${matches})`
  const { rows } = await counted.execute(reads)
  return rows[0]?.count ?? 0
}
