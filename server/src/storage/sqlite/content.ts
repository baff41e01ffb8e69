import { Chapter, FrameDetections, type Id, LabelSummary, Shot, TranscriptSegment } from '@cuewire/protocol'
import { type RawBuilder, sql } from 'kysely'
import { type ContentItem, chapterItem, frameItem, labelText, segmentItem, shotItem } from '../content-items.js'
import { decodeCursor, encodeCursor, toPage } from '../cursor.js'
import type { RowReader } from '../damaged-rows.js'
import { fromJson, parser } from '../parse-json.js'
import type { Row } from '../schema.js'
import { CONTENT_STAGES, type ContentPage, type ContentStage, type ContentStore, type Page } from '../store.js'
import { writeItems, writeTexts } from './content-writer.js'
import { beginDraft, completeDraft, draftResult, openDraft, type Run, visibleResult } from './drafts.js'
import { inTransaction } from './in-transaction.js'
import { removeReplaced, showTexts } from './large-results.js'
import type { TenantDb } from './tenant-db.js'

const parseShot = parser('shot', Shot)
const parseFrame = parser('frame', FrameDetections)
const parseSegment = parser('transcript segment', TranscriptSegment)
const parseChapter = parser('chapter', Chapter)
const parseLabel = parser('label', LabelSummary)

type Found = Pick<Row<'items'>, 'position' | 'data'>

/** How the JSON of what a stage found in a video is read. */
function reader<T>(table: 'items' | 'labels', found: string, parse: (value: unknown) => T): RowReader<Found, T> {
  return { table, id: row => `${found}/${row.position}`, read: row => parse(fromJson(row.data)) }
}

/** What the stages found, in SQLite. */
export function createSqliteContent({ db, tenant, damaged }: TenantDb): ContentStore {
  const add = (run: Omit<Run, 'tenant'>, items: readonly ContentItem[]) =>
    inTransaction(db, async trx => {
      const draft = await openDraft(trx, { tenant, ...run })
      await writeItems(trx, { tenant, videoId: run.videoId }, draft, items)
    })

  return {
    async begin(videoId, stage, jobId) {
      await inTransaction(db, trx => beginDraft(trx, { tenant, videoId, stage, jobId }))
      await removeReplaced(db, { tenant, videoId, stage })
    },

    async complete(videoId, stage, jobId) {
      const run = { tenant, videoId, stage, jobId }
      // For a moment searches find the former result as well as the new one.
      await showTexts(db, run)
      await inTransaction(db, trx => completeDraft(trx, run))
      await removeReplaced(db, run)
    },

    addShots: async (videoId, jobId, shots) =>
      add(
        { videoId, stage: 'shots', jobId },
        shots.map(shot => shotItem(parseShot(shot))),
      ),
    addDetections: async (videoId, jobId, frames) =>
      add(
        { videoId, stage: 'objects', jobId },
        frames.map(frame => frameItem(parseFrame(frame))),
      ),
    addSegments: async (videoId, jobId, segments) =>
      add(
        { videoId, stage: 'transcript', jobId },
        segments.map(segment => segmentItem(parseSegment(segment))),
      ),
    addChapters: async (videoId, jobId, chapters) =>
      add(
        { videoId, stage: 'chapters', jobId },
        chapters.map(chapter => chapterItem(parseChapter(chapter))),
      ),

    setLabels: (videoId, jobId, labels) =>
      inTransaction(db, async trx => {
        const draft = await openDraft(trx, { tenant, videoId, stage: 'objects', jobId })
        await trx.deleteFrom('labels').where('result_id', '=', draft.id).execute()
        await trx.deleteFrom('texts').where('result_id', '=', draft.id).execute()
        for (const [position, label] of labels.entries()) {
          const data = JSON.stringify(parseLabel(label))
          await trx.insertInto('labels').values({ result_id: draft.id, position, data }).execute()
        }
        await writeTexts(trx, { tenant, videoId }, draft, labels.flatMap(labelText))
      }),

    shots: (videoId, page) => items({ db, tenant, damaged }, { videoId, stage: 'shots', page, parse: parseShot }),
    segments: (videoId, page) =>
      items({ db, tenant, damaged }, { videoId, stage: 'transcript', page, parse: parseSegment }),

    detections: (videoId, { label, draftOf, ...page }) =>
      items(
        { db, tenant, damaged },
        { videoId, stage: 'objects', page, parse: value => onlyOf(label, parseFrame(value)), label, draftOf },
      ),

    async chapters(videoId) {
      const rows = await db
        .selectFrom('items')
        .select(['position', 'data'])
        .where('result_id', '=', visibleResult(db, { tenant, videoId, stage: 'chapters' }))
        .orderBy('position')
        .execute()
      return damaged.readWhole(reader('items', `${videoId}/chapters`, parseChapter), rows)
    },

    async labels(videoId, names) {
      const rows = await db
        .selectFrom('labels')
        .select(['position', 'data'])
        .where('result_id', '=', visibleResult(db, { tenant, videoId, stage: 'objects' }))
        .$if(names !== undefined, query => query.where(ifJson(sql`data ->> 'label' in (${sql.join(names ?? [])})`)))
        .orderBy('position')
        .execute()
      return damaged.readWhole(reader('labels', `${videoId}/labels`, parseLabel), rows)
    },

    async counts(videoId) {
      const counts = { shots: 0, objects: 0, transcript: 0, chapters: 0 }
      for (const stage of CONTENT_STAGES) {
        const { count } = await db
          .selectFrom('items')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('result_id', '=', visibleResult(db, { tenant, videoId, stage }))
          .executeTakeFirstOrThrow()
        counts[stage] = count
      }
      return counts
    },
  }
}

interface ItemQuery<T> {
  readonly videoId: Id
  readonly stage: ContentStage
  readonly page: ContentPage
  readonly parse: (value: unknown) => T
  /** Only frames that show it. */
  readonly label?: string | undefined
  /** Of this job's draft, not of what readers see. */
  readonly draftOf?: Id | undefined
}

async function items<T>(
  { db, tenant, damaged }: Pick<TenantDb, 'db' | 'tenant' | 'damaged'>,
  { videoId, stage, page, parse, label, draftOf }: ItemQuery<T>,
): Promise<Page<T>> {
  const list = `${stage}/${videoId}`
  const row = reader('items', `${videoId}/${stage}`, parse)
  const { start, end, limit, cursor } = page
  let query = db
    .selectFrom('items')
    .select(['position', 'data'])
    .where(
      'result_id',
      '=',
      draftOf
        ? draftResult(db, { tenant, videoId, stage, jobId: draftOf })
        : visibleResult(db, { tenant, videoId, stage }),
    )
  if (cursor !== undefined) {
    const [position] = decodeCursor(list, ['number'], cursor)
    query = query.where(sql<boolean>`position > ${position}`)
  }
  // A frame is an instant: it is within [start, end) although it does not end after its start.
  if (start !== undefined)
    query = query.where(({ or, eb }) => or([eb('end_time', '>', start), eb('start_time', '>=', start)]))
  if (end !== undefined) query = query.where('start_time', '<', end)
  if (label !== undefined) query = query.where(shows(label))
  const rows = await query
    .orderBy('position')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, {
    item: item => damaged.readIfWhole(row, item),
    cursor: item => encodeCursor(list, [item.position]),
  })
}

function shows(label: string) {
  const labelOfObject = sql`case o.type when 'object' then o.value ->> 'label' end`
  return ifJson(sql`exists (select 1 from json_each(data, '$.objects') as o where ${labelOfObject} = ${label})`)
}

/** A condition on `data`, which holds for what is no JSON: SQLite would fail there, and the reader reports it. */
function ifJson(condition: RawBuilder<unknown>) {
  return sql<boolean>`case when json_valid(data) then ${condition} else 1 end`
}

function onlyOf(label: string | undefined, frame: FrameDetections): FrameDetections {
  return label === undefined ? frame : { ...frame, objects: frame.objects.filter(object => object.label === label) }
}
