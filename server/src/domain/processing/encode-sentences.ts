import type { SentenceEncoder } from '../../models/models.js'
import { encodeEach } from './encode-each.js'
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
  const perUnit = unitSize(sentences.length)
  let size = 0
  let data = new Float32Array()
  let done = 0
  const take = async (_: unknown, vector: Float32Array) => {
    if (done === 0) {
      size = vector.length
      data = new Float32Array(Math.ceil(sentences.length / perUnit) * size)
    }
    const at = Math.floor(done / perUnit) * size
    const count = Math.min(perUnit, sentences.length - Math.floor(done / perUnit) * perUnit)
    for (const [place, value] of vector.entries()) data[at + place] = (data[at + place] ?? 0) + value / count
    done += 1
    report(done)
  }
  await encodeEach(
    encoder,
    sentences.map(text => ({ text })),
    { take, signal },
  )
  return size > 0 ? { size, data } : undefined
}
