import type { Id } from '@cuewire/protocol'
import type { ContentStore } from '../../storage/store.js'
import { itemsOf } from '../content/items.js'
import type { ChapterColumns } from './segment/chapter-columns.js'

/** The sentences of a transcript and their times, in columns. */
export async function readSentences(
  content: ContentStore,
  videoId: Id,
): Promise<Pick<ChapterColumns, 'sentences' | 'sentenceTimes'>> {
  const sentences: string[] = []
  const sentenceTimes: number[] = []
  for await (const { start, end, text } of itemsOf(content, videoId, 'transcript')) {
    sentences.push(text)
    sentenceTimes.push(start, end)
  }
  return { sentences, sentenceTimes }
}
