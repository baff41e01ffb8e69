import { join } from 'node:path'
import type { FrameDetections, KindItem, KindName, LabelSummary, Shot, Video } from '@cuewire/protocol'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import type { Store } from '@cuewire/server/storage/store.js'
import { monotonicFactory } from 'ulid'
import { makeSentences } from './sentences.js'

/** Hours of the library that is searched, one video each, and sentences of an hour. */
export const LIBRARY = { hours: 1000, sentencesAnHour: 360 } as const
/** Sentences, shots and frames of an hour of a long video, 1,000 each. */
const ITEMS_AN_HOUR = 1000
export const LONG_HOURS = { deleted: 100, read: 10 } as const

const HOUR = 3600
const LABELS = ['person', 'boat', 'sheep', 'car', 'dog', 'chair', 'bottle', 'bird']
/** The most a label may have. */
const SPANS = 1000

/** Videos of a store that was filled. */
export interface Seeded {
  readonly deletedId: string
  readonly readId: string
}

const ulids = monotonicFactory()

/** Fills the database of a data folder that no server is using. */
export async function seed(folder: string, progress: (text: string) => void): Promise<Seeded> {
  const server = await openSqliteStore({ file: join(folder, 'cuewire.db') })
  try {
    const store = server.for('default')
    const began = performance.now()
    const seeded = {
      deletedId: await addLongVideo(store, LONG_HOURS.deleted),
      readId: await addLongVideo(store, LONG_HOURS.read),
    }
    for (let hour = 0; hour < LIBRARY.hours; hour++) await addTalk(store, hour)
    progress(`stored in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    return seeded
  } finally {
    await server.close()
  }
}

/** A video of an hour of speech; returns its id. */
export async function addTalk(store: Store, hour: number): Promise<string> {
  const { sentencesAnHour } = LIBRARY
  const video = await addVideo(store, `Talk ${hour}`, HOUR)
  const options = { every: HOUR / sentencesAnHour, timedWords: false }
  await addResult(store, video, 'transcript', makeSentences(sentencesAnHour, hour, options))
  return video.id
}

async function addLongVideo(store: Store, hours: number): Promise<string> {
  const count = hours * ITEMS_AN_HOUR
  const every = HOUR / ITEMS_AN_HOUR
  const video = await addVideo(store, `${hours} hours`, hours * HOUR)
  await addResult(store, video, 'transcript', makeSentences(count, hours, { every, timedWords: true }))
  await addResult(
    store,
    video,
    'shots',
    Array.from(
      { length: count },
      (_, index): Shot => ({
        index,
        start: index * every,
        end: (index + 1) * every,
        transition: index === 0 ? 'start' : 'cut',
      }),
    ),
  )
  await addResult(
    store,
    video,
    'detections',
    Array.from({ length: count }, (_, at) => makeFrame(at, every)),
  )
  await addResult(store, video, 'objects', makeLabels(hours * HOUR))
  return video.id
}

function makeFrame(at: number, every: number): FrameDetections {
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }
  const seen = [at, at + 1].map(place => LABELS[place % LABELS.length] ?? '')
  return { at: at * every, objects: seen.map(label => ({ label, confidence: 0.7, box })) }
}

function makeLabels(duration: number): LabelSummary[] {
  const every = duration / SPANS
  return LABELS.map((label, place) => ({
    label,
    frames: SPANS,
    maxCount: 1,
    confidence: 0.7,
    band: 'medium',
    spans: Array.from({ length: SPANS }, (_, at) => {
      const start = (at + place / LABELS.length) * every
      return { start, end: start + every / 10 }
    }),
  }))
}

async function addVideo(store: Store, title: string, duration: number): Promise<Video> {
  const at = new Date().toISOString()
  const video: Video = {
    id: ulids(),
    title,
    filename: 'talk.mp4',
    state: 'ready',
    sizeBytes: 1,
    media: { container: 'mp4', duration, subtitles: [], chapters: [] },
    createdAt: at,
    updatedAt: at,
  }
  await store.videos.insert(video, undefined)
  return video
}

async function addResult<K extends KindName>(store: Store, { id }: Video, kind: K, items: readonly KindItem<K>[]) {
  const jobId = ulids()
  await store.content.begin(id, kind, jobId)
  await store.content.add(id, kind, jobId, items)
  await store.content.complete(id, kind, jobId)
}
