import { allItems, itemsOf } from '../../content/items.js'
import type { Stage } from '../stage.js'

/** Chapters: those stored in the file, otherwise found in speech, otherwise in what is shown. */
export const chapters: Stage = {
  name: 'chapters',
  consumes: { info: 'whole', shots: 'whole', objects: 'whole', transcript: 'whole' },
  produces: ['chapters'],
  weight: 5,
  async run({ job, report, draft }, signal) {
    const { store, videoId, info } = job
    report({ done: 0, total: 1, unit: 'steps' })
    const sentences: string[] = []
    const sentenceTimes: number[] = []
    const shotTimes: number[] = []
    for await (const { start, end, text } of itemsOf(store.content, videoId, 'transcript')) {
      sentences.push(text)
      sentenceTimes.push(start, end)
    }
    for await (const { start, end } of itemsOf(store.content, videoId, 'shots')) shotTimes.push(start, end)
    signal.throwIfAborted()
    const labels = await allItems(store.content, videoId, 'objects')
    const { duration, chapters: fileChapters } = info
    const found = await job.text.run(
      'chapters',
      { sentences, sentenceTimes, shotTimes, labels, duration, fileChapters },
      signal,
    )
    const chapters = draft('chapters')
    await chapters.begin()
    await chapters.completeWith(found)
    report({ done: 1, total: 1, unit: 'steps' })
    return { state: 'completed' }
  },
}
