import { type Static, Type } from '@sinclair/typebox'
import { LIMITS } from '../limits.js'
import { Confidence, Count, Language, object, oneOf, Seconds, Speaker, Text } from '../primitives.js'
import { line } from '../text.js'
import { kind } from './kind.js'

export const Word = object({
  text: line({ minLength: 1, maxLength: LIMITS.wordLength }),
  start: Seconds,
  end: Seconds,
  confidence: Confidence,
})
export type Word = Static<typeof Word>

export const TRANSCRIPT_SOURCES = ['speech', 'embedded', 'given'] as const

/** One sentence of the transcript, of one speaker, whose name is absent if unknown. Segments from subtitles have no words unless the cues time them. */
export const TranscriptSegment = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  text: Text,
  speaker: Type.Optional(Speaker),
  confidence: Confidence,
  source: oneOf(TRANSCRIPT_SOURCES, 'recognised speech, subtitles in the file, or subtitles sent by a client'),
  language: Type.Optional(Language),
  words: Type.Array(Word, { maxItems: 2000 }),
})
export type TranscriptSegment = Static<typeof TranscriptSegment>

export const transcript = kind(
  TranscriptSegment,
  {
    index: 4,
    start: 31.48,
    end: 34.02,
    text: 'The boats leave before dawn.',
    speaker: 'Ada',
    confidence: 1,
    source: 'embedded',
    language: 'en',
    words: [
      { text: 'The', start: 31.48, end: 31.6, confidence: 1 },
      { text: 'boats', start: 31.6, end: 32.04, confidence: 1 },
    ],
  },
  {
    description: 'Lists the sentences of a video in order, with word times where known.',
    stage: 'transcript',
    get: 'transcript.get',
    field: 'segments',
    position: segment => segment.index,
    span: segment => segment,
    event: {
      name: 'transcript.segment',
      topic: 'video',
      description: 'A sentence was recognised or read from subtitles.',
      one: 'segment',
    },
    search: { modality: 'transcript', as: 'moment', text: ({ start, end, text }) => ({ start, end, text }) },
    lane: {
      name: 'transcript',
      items: ({ start, end, text, confidence }) => [{ start, end, label: text, confidence }],
    },
  },
)
