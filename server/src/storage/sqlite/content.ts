import { Chapter, FrameDetections, type Id, LabelSummary, Shot, TranscriptSegment } from '@cuewire/protocol'
import { type Kysely, sql } from 'kysely'
import { type ContentItem, chapterItem, frameItem, labelText, segmentItem, shotItem } from '../content-items.js'
import { decodeCursor, encodeCursor, toPage } from '../cursor.js'
import { fromJson, parser } from '../parse-json.js'
import type { Tables } from '../schema.js'
import { CONTENT_STAGES, type ContentPage, type ContentStage, type ContentStore, type Page } from '../store.js'
import { writeItems, writeTexts } from './content-writer.js'
import { beginDraft, completeDraft, draftResult, openDraft, type Run, visibleResult } from './drafts.js'
import { removeReplaced, showTexts } from './large-results.js'

const parseShot = parser('shot', Shot)
const parseFrame = parser('frame', FrameDetections)
const parseSegment = parser('transcript segment', TranscriptSegment)
const parseChapter = parser('chapter', Chapter)
const parseLabel = parser('label', LabelSummary)

/** What the stages found, in SQLite. */
export function createSqliteContent(db: Kysely<Tables>): ContentStore {
  const add = (run: Run, items: readonly ContentItem[]) =>
    db.transaction().execute(async trx => writeItems(trx, run.videoId, await openDraft(trx, run), items))

  return {
    async begin(videoId, stage, jobId) {
      await db.transaction().execute(trx => beginDraft(trx, { videoId, stage, jobId }))
      await removeReplaced(db, { videoId, stage })
    },

    async complete(videoId, stage, jobId) {
      const run = { videoId, stage, jobId }
      // For a moment searches find the former result as well as the new one.
      await showTexts(db, run)
      await db.transaction().execute(trx => completeDraft(trx, run))
      await removeReplaced(db, run)
    },

    addShots: (videoId, jobId, shots) => add({ videoId, stage: 'shots', jobId }, shots.map(shotItem)),
    addDetections: (videoId, jobId, frames) => add({ videoId, stage: 'objects', jobId }, frames.map(frameItem)),
    addSegments: (videoId, jobId, segments) => add({ videoId, stage: 'transcript', jobId }, segments.map(segmentItem)),
    addChapters: (videoId, jobId, chapters) => add({ videoId, stage: 'chapters', jobId }, chapters.map(chapterItem)),

    setLabels: (videoId, jobId, labels) =>
      db.transaction().execute(async trx => {
        const draft = await openDraft(trx, { videoId, stage: 'objects', jobId })
        await trx.deleteFrom('labels').where('result_id', '=', draft.id).execute()
        await trx.deleteFrom('texts').where('result_id', '=', draft.id).execute()
        for (const [position, label] of labels.entries()) {
          const data = JSON.stringify(label)
          await trx.insertInto('labels').values({ result_id: draft.id, position, data }).execute()
        }
        await writeTexts(trx, videoId, draft, labels.flatMap(labelText))
      }),

    shots: (videoId, page) => items(db, { videoId, stage: 'shots', page, parse: parseShot }),
    segments: (videoId, page) => items(db, { videoId, stage: 'transcript', page, parse: parseSegment }),

    detections: (videoId, { label, draftOf, ...page }) =>
      items(db, { videoId, stage: 'objects', page, parse: value => onlyOf(label, parseFrame(value)), label, draftOf }),

    async chapters(videoId) {
      const rows = await db
        .selectFrom('items')
        .select('data')
        .where('result_id', '=', visibleResult(db, videoId, 'chapters'))
        .orderBy('position')
        .execute()
      return rows.map(row => parseChapter(fromJson(row.data)))
    },

    async labels(videoId, names) {
      const rows = await db
        .selectFrom('labels')
        .select('data')
        .where('result_id', '=', visibleResult(db, videoId, 'objects'))
        .$if(names !== undefined, query => query.where(sql<string>`data ->> 'label'`, 'in', names ?? []))
        .orderBy('position')
        .execute()
      return rows.map(row => parseLabel(fromJson(row.data)))
    },

    async counts(videoId) {
      const counts = { shots: 0, objects: 0, transcript: 0, chapters: 0 }
      for (const stage of CONTENT_STAGES) {
        const { count } = await db
          .selectFrom('items')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('result_id', '=', visibleResult(db, videoId, stage))
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
  db: Kysely<Tables>,
  { videoId, stage, page, parse, label, draftOf }: ItemQuery<T>,
): Promise<Page<T>> {
  const list = `${stage}/${videoId}`
  const { start, end, limit, cursor } = page
  let query = db
    .selectFrom('items')
    .select(['position', 'data'])
    .where(
      'result_id',
      '=',
      draftOf ? draftResult(db, { videoId, stage, jobId: draftOf }) : visibleResult(db, videoId, stage),
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
    item: row => parse(fromJson(row.data)),
    cursor: row => encodeCursor(list, [row.position]),
  })
}

function shows(label: string) {
  return sql<boolean>`exists (select 1 from json_each(data, '$.objects') as o where o.value ->> 'label' = ${label})`
}

function onlyOf(label: string | undefined, frame: FrameDetections): FrameDetections {
  return label === undefined ? frame : { ...frame, objects: frame.objects.filter(object => object.label === label) }
}
