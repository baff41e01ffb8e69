import { LIMITS, type Shot, type TranscriptSegment } from '@cuewire/protocol'
import type { Page, PageRequest } from '../../../storage/store.js'
import { makeChapters } from '../segment/boundaries.js'
import type { Stage } from '../stage.js'

/** Parts of the video that are about one thing, from what was said and the shots; chapters in the file come first. */
export const chapters: Stage = {
  name: 'chapters',
  needs: ['shots', 'transcript'],
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
    const found = makeChapters({ segments, shots, duration: info.duration, fileChapters: info.chapters })
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
