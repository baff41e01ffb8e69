import { Id, MODALITIES, type Modality, Seconds } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import { type Kysely, sql } from 'kysely'
import { parser } from '../parse-json.js'
import type { Tables } from '../schema.js'
import type { SearchIndex } from '../store.js'
import { matchAny } from './match-any.js'

const parseHit = parser(
  'search row',
  Type.Object({
    modality: Type.Unsafe<Modality>({ type: 'string', enum: MODALITIES }),
    videoId: Id,
    videoTitle: Type.String(),
    index: Type.Integer(),
    start: Seconds,
    end: Seconds,
    text: Type.String(),
    score: Type.Number(),
  }),
)

/** Full-text search by FTS5: words are folded (case, accents) and stemmed (Porter), rows ranked by BM25. */
export function createSqliteSearch(db: Kysely<Tables>): SearchIndex {
  return {
    async search({ terms, videoIds, modalities, limit }) {
      if (terms.length === 0) return []
      let query = db
        .selectFrom('texts')
        .innerJoin(sql`texts_fts`.as<'texts_fts'>('texts_fts'), join =>
          join.on(sql`texts_fts.rowid`, '=', sql.ref('texts.id')),
        )
        .innerJoin('videos', 'videos.id', 'texts.video_id')
        .select(['texts.modality', 'texts.video_id as videoId', 'videos.title as videoTitle'])
        .select(['texts.position as index', 'texts.start_time as start', 'texts.end_time as end', 'texts.text'])
        .select(sql<number>`-texts_fts.rank`.as('score'))
        .where(sql<boolean>`texts_fts match ${matchAny(terms)}`)
      if (videoIds !== undefined) query = query.where('texts.video_id', 'in', videoIds)
      if (modalities !== undefined) query = query.where('texts.modality', 'in', modalities)
      const rows = await query.orderBy(sql`texts_fts.rank`).orderBy('texts.id').limit(limit).execute()
      return rows.map(parseHit)
    },

    async frequencies(terms, videoIds) {
      const of = new Map<string, number>()
      for (const term of new Set(terms)) of.set(term, await countMatches(db, term, videoIds))
      return { rows: await countRows(db, videoIds), of }
    },
  }
}

async function countRows(db: Kysely<Tables>, videoIds: readonly Id[] | undefined): Promise<number> {
  let query = db
    .selectFrom('texts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('visible', '=', 1)
  if (videoIds !== undefined) query = query.where('video_id', 'in', videoIds)
  return (await query.executeTakeFirstOrThrow()).count
}

async function countMatches(db: Kysely<Tables>, term: string, videoIds: readonly Id[] | undefined): Promise<number> {
  const matches = sql`select rowid from texts_fts where texts_fts match ${matchAny([term])}`
  const counted =
    videoIds === undefined
      ? sql<{ count: number }>`select count(*) as count from (${matches})`
      : sql<{
          count: number
        }>`select count(*) as count from texts where video_id in (${sql.join(videoIds)}) and id in (${matches})`
  const { rows } = await counted.execute(db)
  return rows[0]?.count ?? 0
}
