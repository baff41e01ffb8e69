import { LIMITS, type Shot, type TranscriptSegment } from '@cuewire/protocol'
import type { Page, PageRequest } from '../../../storage/store.js'
import { makeChapters } from '../segment/chapters.js'
import type { Stage } from '../stage.js'

/** Parts of the video that are about one thing: those stored in the file, else found in what is said, else in what is shown. */
export const chapters: Stage = {
  name: 'chapters',
  needs: ['shots', 'objects', 'transcript'],
  async run({ job, report }, signal) {
    const { store, videoId, jobId, info } = job
    report({ done: 0, total: 1, unit: 'steps' })
    const segments: TranscriptSegment[] = []
    // Words are most of a transcript's size and of no use here.
    for await (const segment of all(page => store.content.segments(videoId, page)))
      segments.push({ ...segment, words: [] })
    const shots: Shot[] = []
    for await (const shot of all(page => store.content.shots(videoId, page))) shots.push(shot)
    signal.throwIfAborted()
    const labels = await store.content.labels(videoId)
    const { duration, chapters: fileChapters } = info
    const found = makeChapters({ segments, shots, labels, duration, fileChapters })
    await store.content.begin(videoId, 'chapters', jobId)
    await store.content.addChapters(videoId, jobId, found)
    await store.content.complete(videoId, 'chapters', jobId)
    job.bus.publish(`video/${videoId}`, 'content.chapters', { videoId, chapters: found })
    report({ done: 1, total: 1, unit: 'steps' })
    return { state: 'completed' }
  },
}

async function* all<T>(read: (page: PageRequest) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined
  do {
    const page = await read({ limit: LIMITS.pageSize, cursor })
    yield* page.items
    cursor = page.next
  } while (cursor !== undefined)
}
