import { setMaxListeners } from 'node:events'
import type { SentenceEncoder } from '../../models/models.js'
import { OrderedWork } from './ordered-work.js'
import { unitSize } from './segment/boundaries.js'
import type { ChapterColumns } from './segment/chapter-columns.js'

interface EncodeOptions {
  readonly signal: AbortSignal
  /** Receives the number of sentences encoded so far. */
  readonly report: (done: number) => void
}

/**
 * The meanings of the sentences of a transcript, one vector for each `unitSize` of them: of texts so long that they are
 * looked at in coarser steps, the mean. So their number is bounded.
 */
export async function encodeSentences(
  encoder: SentenceEncoder,
  sentences: readonly string[],
  { signal, report }: EncodeOptions,
): Promise<ChapterColumns['meanings']> {
  // Each call in progress listens to the signal, and Node warns of more than ten listeners.
  const calls = AbortSignal.any([signal])
  setMaxListeners(0, calls)
  const perUnit = unitSize(sentences.length)
  let size = 0
  let data = new Float32Array()
  let done = 0
  const work = new OrderedWork<string, Float32Array>({
    limit: encoder.parallel,
    start: sentence => encoder.encode(sentence, calls),
    take: async (_, vector) => {
      if (done === 0) {
        size = vector.length
        data = new Float32Array(Math.ceil(sentences.length / perUnit) * size)
      }
      const at = Math.floor(done / perUnit) * size
      const count = Math.min(perUnit, sentences.length - Math.floor(done / perUnit) * perUnit)
      for (const [place, value] of vector.entries()) data[at + place] = (data[at + place] ?? 0) + value / count
      done += 1
      report(done)
    },
  })
  try {
    for (const sentence of sentences) await work.push(sentence)
  } finally {
    await work.end()
  }
  return size > 0 ? { size, data } : undefined
}
