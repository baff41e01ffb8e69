import { AppError } from '../../../lib/app-error.js'
import type { SentenceEncoder } from '../../../models/models.js'
import { allItems, itemsOf } from '../../content/items.js'
import { encodeSentences } from '../encode-sentences.js'
import { isModelFault } from '../model-skip.js'
import type { Stage, StageContext } from '../stage.js'

/** Chapters: those stored in the file, otherwise found in speech, otherwise in what is shown. */
export const chapters: Stage = {
  name: 'chapters',
  consumes: { info: 'whole', shots: 'whole', objects: 'whole', transcript: 'whole' },
  produces: ['chapters'],
  weight: 5,
  async run(context, signal) {
    const { job, report, draft } = context
    const { store, videoId, info } = job
    const sentences: string[] = []
    const sentenceTimes: number[] = []
    const shotTimes: number[] = []
    for await (const { start, end, text } of itemsOf(store.content, videoId, 'transcript')) {
      sentences.push(text)
      sentenceTimes.push(start, end)
    }
    for await (const { start, end } of itemsOf(store.content, videoId, 'shots')) shotTimes.push(start, end)
    signal.throwIfAborted()
    const total = sentences.length + 1
    report({ done: 0, total, unit: 'steps' })
    // A doubtful label must not become a title.
    const labels = (await allItems(store.content, videoId, 'objects')).filter(({ band }) => band !== 'low')
    const { duration, chapters: fileChapters } = info
    // Those of the file need no vectors.
    const encoder = sentences.length > 0 && fileChapters.length === 0 ? await sentenceEncoder(context) : undefined
    const meanings =
      encoder &&
      (await encodeSentences(encoder, sentences, { signal, report: done => report({ done, total, unit: 'steps' }) }))
    const found = await job.text.run(
      'chapters',
      { sentences, sentenceTimes, shotTimes, labels, duration, fileChapters, ...(meanings && { meanings }) },
      signal,
    )
    const chapters = draft('chapters')
    await chapters.begin()
    await chapters.completeWith(found)
    report({ done: total, total, unit: 'steps' })
    return { state: 'completed', ...(encoder && { model: encoder.pack }) }
  },
}

/** The sentence encoder. Without its pack, chapters are found by words alone, which the stage warns of. */
async function sentenceEncoder({ job, warn }: StageContext): Promise<SentenceEncoder | undefined> {
  try {
    return await job.models.sentences()
  } catch (error) {
    if (!isModelFault(error)) throw error
    const { code, message } = error
    warn(new AppError(code, `Chapters are found by the words alone: ${message}`, { cause: error }))
    return undefined
  }
}
