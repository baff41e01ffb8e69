import type { Id } from '@cuewire/protocol'
import type { ContentStore } from '../../../storage/store.js'
import { allItems, itemsOf } from '../../content/items.js'
import { encodeSentences } from '../encode-sentences.js'
import type { ChapterColumns } from '../segment/chapter-columns.js'
import { sentenceEncoder } from '../sentence-encoder.js'
import type { Stage } from '../stage.js'
import { readSentences } from '../transcript-columns.js'

/** Lines on the screen below this confidence are left out: a misread word would look like a rare one. */
const MIN_CONFIDENCE = 0.8
/** Bounds the work, far above the slides of hours. */
const MAX_LINES = 5000

/**
 * Chapters: those stored in the file, otherwise found in speech, otherwise in what is shown. With them, the keywords of
 * the whole video.
 */
export const chapters: Stage = {
  name: 'chapters',
  consumes: { info: 'whole', shots: 'whole', objects: 'whole', text: 'whole', transcript: 'whole' },
  produces: ['chapters', 'keywords'],
  weight: 5,
  async run(context, signal) {
    const { job, report, draft } = context
    const { store, videoId, info } = job
    const { sentences, ...spoken } = await readSentences(store.content, videoId)
    const screen = await readScreen(store.content, videoId)
    const shotTimes: number[] = []
    for await (const { start, end } of itemsOf(store.content, videoId, 'shots')) shotTimes.push(start, end)
    signal.throwIfAborted()
    const total = sentences.length + 1
    report({ done: 0, total, unit: 'steps' })
    // A doubtful label must not become a title.
    const labels = (await allItems(store.content, videoId, 'objects')).filter(({ band }) => band !== 'low')
    const { duration, chapters: fileChapters } = info
    // Those of the file need no vectors.
    const needsVectors = sentences.length > 0 && fileChapters.length === 0
    const encoder = needsVectors ? await sentenceEncoder(context, 'Chapters are found by the words alone') : undefined
    const meanings =
      encoder &&
      (await encodeSentences(encoder, sentences, { signal, report: done => report({ done, total, unit: 'steps' }) }))
    const found = await job.text.run(
      'chapters',
      { sentences, ...spoken, ...screen, shotTimes, labels, duration, fileChapters, ...(meanings && { meanings }) },
      signal,
    )
    for (const kind of ['chapters', 'keywords'] as const) await draft(kind).begin()
    await draft('keywords').completeWith(found.keywords)
    await draft('chapters').completeWith(found.chapters)
    report({ done: total, total, unit: 'steps' })
    return { state: 'completed', ...(encoder && { model: encoder.pack }) }
  },
}

type ScreenColumns = Pick<ChapterColumns, 'lines' | 'lineTimes' | 'lineTitles'>

/** The lines of text on the screen, in columns. */
async function readScreen(content: ContentStore, videoId: Id): Promise<ScreenColumns> {
  const lines: string[] = []
  const lineTimes: number[] = []
  const lineTitles: boolean[] = []
  for await (const { start, end, text, role, confidence } of itemsOf(content, videoId, 'text')) {
    if (confidence < MIN_CONFIDENCE) continue
    lines.push(text)
    lineTimes.push(start, end)
    lineTitles.push(role === 'title')
    if (lines.length === MAX_LINES) break
  }
  return { lines, lineTimes, lineTitles }
}
