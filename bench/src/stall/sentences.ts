import type { TranscriptSegment } from '@cuewire/protocol'
import { PASSAGES } from '../eval/passages.js'
import { seededRandom } from '../lib/seeded-random.js'

/** Every word as often as the passages have it, so that some are in most sentences and others in few. */
const WORDS = Object.values(PASSAGES)
  .join(' ')
  .toLowerCase()
  .match(/[a-z']+/g) as readonly string[]
/** Names that each occur a few times in a library, as in real speech. */
const NAMES = 20_000
const NAMES_SHARE = 0.05
const SENTENCE_WORDS = { least: 8, most: 16 } as const
const SECONDS_A_WORD = 0.3

interface SentenceOptions {
  /** Seconds from the start of one sentence to that of the next. */
  readonly every: number
  /** The words have times, as recognised speech has them. */
  readonly timedWords: boolean
}

/** Sentences without sense, the same for the same seed. */
export function makeSentences(
  count: number,
  seed: number,
  { every, timedWords }: SentenceOptions,
): TranscriptSegment[] {
  const random = seededRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const word = () => (random() < NAMES_SHARE ? `zor${below(NAMES).toString(36)}` : (WORDS[below(WORDS.length)] ?? ''))
  const { least, most } = SENTENCE_WORDS
  return Array.from({ length: count }, (_, index): TranscriptSegment => {
    const texts = Array.from({ length: least + below(most - least + 1) }, word)
    const start = index * every
    const length = Math.min(every, texts.length * SECONDS_A_WORD) / texts.length
    const timed = texts.map((text, at) => ({
      text,
      start: milli(start + at * length),
      end: milli(start + (at + 1) * length),
      confidence: 0.9,
    }))
    return {
      index,
      start: milli(start),
      end: milli(start + texts.length * length),
      text: `${texts.join(' ')}.`,
      confidence: 0.9,
      source: 'speech',
      language: 'en',
      words: timedWords ? timed : [],
    }
  })
}

const milli = (seconds: number) => Math.round(seconds * 1000) / 1000
