import { setImmediate } from 'node:timers/promises'
import { LIMITS, type TimeRange } from '@cuewire/protocol'
import type { Page, PageRequest } from '../../../storage/store.js'
import { draft } from '../../event-drafts.js'
import type { Stage } from '../stage.js'

/** Parts of the video that are about one thing: those stored in the file, else found in what is said, else in what is shown. */
export const chapters: Stage = {
  name: 'chapters',
  needs: ['shots', 'objects', 'transcript'],
  async run({ job, report }, signal) {
    const { store, videoId, jobId, info } = job
    report({ done: 0, total: 1, unit: 'steps' })
    const sentences: string[] = []
    const sentenceTimes: number[] = []
    const shotTimes: number[] = []
    for await (const { start, end, text } of all(page => store.content.segments(videoId, page))) {
      sentences.push(text)
      sentenceTimes.push(start, end)
    }
    for await (const { start, end } of all(page => store.content.shots(videoId, page))) shotTimes.push(start, end)
    signal.throwIfAborted()
    const labels = await store.content.labels(videoId)
    const { duration, chapters: fileChapters } = info
    const found = await job.text.run(
      'chapters',
      { sentences, sentenceTimes, shotTimes, labels, duration, fileChapters },
      signal,
    )
    await store.content.begin(videoId, 'chapters', jobId)
    await store.content.addChapters(videoId, jobId, found)
    await store.content.complete(videoId, 'chapters', jobId)
    await store.events.append([draft(`video/${videoId}`, 'content.chapters', { videoId, chapters: found })])
    report({ done: 1, total: 1, unit: 'steps' })
    return { state: 'completed' }
  },
}

/** Every row, page by page; other work gets its turn between them, as the store itself never waits. */
async function* all<T extends TimeRange>(read: (page: PageRequest) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined
  do {
    await setImmediate()
    const page = await read({ limit: LIMITS.pageSize, cursor })
    yield* page.items
    cursor = page.next
  } while (cursor !== undefined)
}
