import { allItems } from '../../content/items.js'
import { encodeSentences } from '../encode-sentences.js'
import { sentenceEncoder } from '../sentence-encoder.js'
import type { Stage } from '../stage.js'
import { readSentences } from '../transcript-columns.js'

/** The outline and the summary of a video, from its chapters and what is said in them. */
export const outline: Stage = {
  name: 'outline',
  consumes: { info: 'whole', transcript: 'whole', chapters: 'whole' },
  produces: ['outline', 'summary'],
  weight: 3,
  async run(context, signal) {
    const { job, report, draft } = context
    const { store, videoId, info } = job
    const chapters = await allItems(store.content, videoId, 'chapters')
    const { sentences, sentenceTimes } = await readSentences(store.content, videoId)
    signal.throwIfAborted()
    const total = sentences.length + 1
    report({ done: 0, total, unit: 'steps' })
    const encoder =
      sentences.length > 0
        ? await sentenceEncoder(context, 'The outline and summary are made by the words alone')
        : undefined
    const meanings =
      encoder &&
      (await encodeSentences(encoder, sentences, { signal, report: done => report({ done, total, unit: 'steps' }) }))
    const { duration } = info
    const found = await job.text.run(
      'outline',
      { sentences, sentenceTimes, chapters, duration, ...(meanings && { meanings }) },
      signal,
    )
    for (const kind of ['outline', 'summary'] as const) await draft(kind).begin()
    await draft('outline').completeWith(found.outline)
    await draft('summary').completeWith(found.summary)
    report({ done: total, total, unit: 'steps' })
    return { state: 'completed', ...(encoder && { model: encoder.pack }) }
  },
}
