import { LIMITS, type SubtitlesInput, type TranscriptSegment, type Word } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { cut } from '../../lib/text.js'
import { type Utterance, utterances, withoutRepeats } from './cues.js'
import { readCues } from './read-cues.js'
import { SentenceAssembler } from './sentences.js'

export interface SubtitlesRequest extends SubtitlesInput {
  readonly source: 'embedded' | 'given'
}

/**
 * The sentences of a WebVTT or SubRip text. Cues that split a sentence are joined; where one cue holds several, its time
 * is shared out by length. Faulty cues are passed over; throws `subtitles.invalid` when none can be read.
 */
export async function parseSubtitles(request: SubtitlesRequest): Promise<TranscriptSegment[]> {
  const cues = await readCues(request)
  if (cues.length === 0)
    throw new AppError(
      'subtitles.invalid',
      `No cue could be read: send ${request.format === 'vtt' ? 'WebVTT' : 'SubRip'} text with times such as ${request.format === 'vtt' ? '00:01.000 --> 00:03.500' : '00:00:01,000 --> 00:00:03,500'}.`,
    )
  const assembler = new SentenceAssembler({ source: request.source, language: request.language, timedWords: false })
  const segments: TranscriptSegment[] = []
  for (const utterance of withoutRepeats(cues).flatMap(utterances)) {
    if (utterance.newSpeaker) segments.push(...assembler.flush())
    segments.push(...assembler.add({ text: utterance.text, words: guessWords(utterance), confidence: 1 }))
  }
  return [...segments, ...assembler.flush()].map(segment => ({
    ...segment,
    start: toMillis(segment.start),
    end: toMillis(segment.end),
  }))
}

/** Words with times in proportion to their length. */
function guessWords({ start, end, text }: Utterance): Word[] {
  const perCharacter = (end - start) / (text.length + 1)
  const words: Word[] = []
  for (const match of text.matchAll(/\S+/g)) {
    const from = start + match.index * perCharacter
    const word = cut(match[0], LIMITS.wordLength)
    words.push({
      text: word,
      start: from,
      end: start + (match.index + match[0].length + 1) * perCharacter,
      confidence: 1,
    })
  }
  return words
}

const toMillis = (seconds: number) => Math.round(seconds * 1000) / 1000
