import type { Id, SubtitlesInput, Video } from '@cuewire/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'
import { mapped } from '../../lib/awaitable.js'
import { decodeCursor, encodeCursor, toPage } from '../cursor.js'
import type { DamagedRows } from '../damaged-rows.js'
import { toJson } from '../parse-json.js'
import { GIVEN_SUBTITLES, VIDEO } from '../readers.js'
import { fromSubtitles, fromVideo, parseVideoChange } from '../rows.js'
import type { Row, Tables } from '../schema.js'
import type { PageRequest, VideoChange, VideoStore } from '../store.js'
import { VIDEO_STATE_OF } from '../video-state.js'
import { giveUpResults } from './drafts.js'
import { inTransaction } from './in-transaction.js'
import { preparedQuery } from './prepared-query.js'
import { removeFilesOf } from './removals.js'
import type { TenantDb } from './tenant-db.js'

/** All columns except subtitles, which may be large. */
const VIDEO_COLUMNS = [
  'id',
  'title',
  'filename',
  'state',
  'size_bytes',
  'media',
  'job_id',
  'error',
  'created_at',
  'updated_at',
] as const

const videoOf = preparedQuery((db, tenant: string, id: string) =>
  db.selectFrom('videos').select(VIDEO_COLUMNS).where('tenant', '=', tenant).where('id', '=', id),
)

const idOf = preparedQuery((db, tenant: string, id: string) =>
  db.selectFrom('videos').select('id').where('tenant', '=', tenant).where('id', '=', id),
)

/** Videos in SQLite. */
export function createSqliteVideos(scope: TenantDb): VideoStore {
  const { db, removeReplaced, tenant, clock, damaged } = scope
  return {
    insert: (video, subtitles) => inTransaction(db, trx => insertVideo(trx, tenant, video, subtitles)),

    get: id => mapped(videoOf(scope, tenant, id), ([row]) => row && damaged.read(VIDEO, row)),

    has: async id => (await idOf(scope, tenant, id)).length > 0,

    async list({ limit, cursor }: PageRequest) {
      let query = db.selectFrom('videos').select(VIDEO_COLUMNS).where('tenant', '=', tenant)
      if (cursor !== undefined) {
        const [createdAt, id] = decodeCursor('videos', ['string', 'string'], cursor)
        query = query.where(sql<boolean>`(created_at, id) < (${createdAt}, ${id})`)
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, {
        item: row => damaged.readIfWhole(VIDEO, row),
        cursor: row => encodeCursor('videos', [row.created_at, row.id]),
      })
    },

    update: (id, change) =>
      inTransaction(db, async trx => {
        const row = await trx
          .updateTable('videos')
          .set({ ...columns(parseVideoChange(change)), updated_at: notBefore(new Date(clock.now()).toISOString()) })
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .returning(VIDEO_COLUMNS)
          .executeTakeFirst()
        if (row === undefined) return undefined
        const video = damaged.readIfWhole(VIDEO, row)
        if (video === undefined) return undefined
        if (change.title !== undefined || change.media !== undefined) await updateTitleText(trx, tenant, video)
        return video
      }),

    async givenSubtitles(id) {
      const row = await db
        .selectFrom('videos')
        .select(['id', 'subtitles'])
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && damaged.read(GIVEN_SUBTITLES, row)
    },

    async giveSubtitles(id, subtitles) {
      await db
        .updateTable('videos')
        .set({ subtitles: fromSubtitles(subtitles) })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute()
    },

    async remove(id) {
      const removed = await inTransaction(db, async trx => {
        const { numDeletedRows } = await trx
          .deleteFrom('videos')
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await trx
          .deleteFrom('texts')
          .where('tenant', '=', tenant)
          .where('video_id', '=', id)
          .where('result_id', 'is', null)
          .execute()
        await giveUpResults(trx, { tenant, videoId: id })
        await removeFilesOf(trx, { tenant, videoId: id })
        return true
      })
      if (removed) await removeReplaced({ tenant, videoId: id })
      return removed
    },
  }
}

interface Following {
  readonly at: string
  readonly damaged: DamagedRows
}

/** Updates a video to match its job, in the transaction that changes the job. Undefined if its record is damaged. */
export async function followJob(
  trx: Kysely<Tables>,
  job: Row<'jobs'>,
  { at, damaged }: Following,
): Promise<Video | undefined> {
  const row = await trx
    .updateTable('videos')
    .set({
      state: VIDEO_STATE_OF[job.state as keyof typeof VIDEO_STATE_OF],
      job_id: job.id,
      error: job.error,
      updated_at: notBefore(at),
    })
    .where('tenant', '=', job.tenant)
    .where('id', '=', job.video_id)
    .returning(VIDEO_COLUMNS)
    .executeTakeFirstOrThrow()
  return damaged.readIfWhole(VIDEO, row)
}

/** The time of a change, never earlier than the last one. */
function notBefore(at: string) {
  return sql<string>`max(updated_at, ${at})`
}

/** Adds a video and the search row of its title, within a transaction of the caller. */
export async function insertVideo(
  trx: Transaction<Tables>,
  tenant: string,
  video: Video,
  subtitles: SubtitlesInput | undefined,
): Promise<void> {
  await trx
    .insertInto('videos')
    .values({ tenant, ...fromVideo(video, subtitles) })
    .execute()
  await trx
    .insertInto('texts')
    .values({
      tenant,
      video_id: video.id,
      result_id: null,
      modality: 'title',
      position: 0,
      start_time: 0,
      end_time: video.media.duration,
      text: video.title,
      also: '',
      visible: 1,
    })
    .execute()
}

async function updateTitleText(trx: Transaction<Tables>, tenant: string, video: Video): Promise<void> {
  await trx
    .updateTable('texts')
    .set({ text: video.title, end_time: video.media.duration })
    .where('tenant', '=', tenant)
    .where('video_id', '=', video.id)
    .where('result_id', 'is', null)
    .execute()
}

function columns(change: VideoChange): Partial<Row<'videos'>> {
  return {
    ...(change.title !== undefined && { title: change.title }),
    ...(change.state !== undefined && { state: change.state }),
    ...(change.jobId !== undefined && { job_id: change.jobId satisfies Id }),
    ...('error' in change && { error: toJson(change.error) }),
    ...(change.media !== undefined && { media: JSON.stringify(change.media) }),
  }
}
