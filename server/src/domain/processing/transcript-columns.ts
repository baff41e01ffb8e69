import type { Id } from '@cuewire/protocol'
import type { ContentStore } from '../../storage/store.js'
import { itemsOf } from '../content/items.js'
import type { ChapterColumns } from './segment/chapter-columns.js'

/** The sentences of a transcript, their times and speakers, in columns. */
export async function readSentences(
  content: ContentStore,
  videoId: Id,
): Promise<Pick<ChapterColumns, 'sentences' | 'sentenceTimes' | 'speakers'>> {
  const sentences: string[] = []
  const sentenceTimes: number[] = []
  const speakers: string[] = []
  for await (const { start, end, text, speaker = '' } of itemsOf(content, videoId, 'transcript')) {
    sentences.push(text)
    sentenceTimes.push(start, end)
    speakers.push(speaker)
  }
  return { sentences, sentenceTimes, speakers }
}
