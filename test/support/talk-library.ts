import { join } from 'node:path'
import { makeTalk } from '@cuewire/bench/eval/talk.js'
import type { LabelSummary, Video } from '@cuewire/protocol'
import { makeChapters } from '@cuewire/server/domain/processing/segment/chapters.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import type { Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { aVideo, newId } from './entities.js'
import { testFolder } from './test-folder.js'

/** A real store in a folder of the test, closed with it. */
export async function openStore(t: Pick<Test, 'testdir' | 'teardown'>): Promise<Store> {
  return (await openServerStore(t)).store
}

/** The same, with what else there is of it. */
export async function openServerStore(t: Pick<Test, 'testdir' | 'teardown'>) {
  const file = join(testFolder(t), 'cuewire.db')
  const server = await openSqliteStore({ file })
  t.teardown(() => server.close())
  return { file, server, store: server.for('acme') }
}

/** A processed video in which the passages are spoken one after another and the labels are seen. */
export async function addTalk(
  store: Store,
  {
    passages,
    title = 'Talk',
    labels = [],
  }: { passages: readonly string[]; title?: string; labels?: readonly LabelSummary[] },
): Promise<Video> {
  const talk = makeTalk(passages)
  const base = aVideo({ title })
  const video: Video = { ...base, state: 'ready', media: { ...base.media, duration: talk.duration || 60 } }
  await store.videos.insert(video, undefined)
  const jobId = newId()
  await store.content.begin(video.id, 'transcript', jobId)
  await store.content.add(video.id, 'transcript', jobId, talk.segments)
  await store.content.complete(video.id, 'transcript', jobId)
  await store.content.begin(video.id, 'objects', jobId)
  await store.content.replace(video.id, 'objects', jobId, labels)
  await store.content.complete(video.id, 'objects', jobId)
  await store.content.begin(video.id, 'chapters', jobId)
  await store.content.add(video.id, 'chapters', jobId, makeChapters({ ...talk, shots: [], labels }))
  await store.content.complete(video.id, 'chapters', jobId)
  return video
}

/** A label seen in these spans. */
export function aLabel(label: string, spans: readonly (readonly [number, number])[], maxCount = 1): LabelSummary {
  return {
    label,
    frames: spans.length,
    maxCount,
    confidence: 0.7,
    band: 'high',
    spans: spans.map(([start, end]) => ({ start, end })),
  }
}
