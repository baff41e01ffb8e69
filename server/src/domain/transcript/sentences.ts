import { type Confidence, LIMITS, type TranscriptSegment, type Word } from '@cuewire/protocol'
import { cut } from '../../lib/text.js'
import { sentencesOf } from '../text/language.js'

/** A stretch of recognised speech or a caption: its words with absolute times. */
export interface SpokenSpan {
  readonly text: string
  readonly words: readonly Word[]
  readonly confidence: Confidence
}

export interface SentenceOptions {
  readonly source: TranscriptSegment['source']
  readonly language?: string | undefined
  /** Number of the first segment: how many there are already, when a job continues. @default 0 */
  readonly firstIndex?: number
  /** False when the times of single words are guessed: segments then carry none. @default true */
  readonly timedWords?: boolean
}

/** A silence in seconds after which a sentence without a full stop is over. */
const LONG_GAP = 1.5
const MAX_SECONDS = 30
const MAX_WORDS = 60

interface Pending {
  readonly word: Word
  readonly confidence: Confidence
}

/** Rebuilds sentences from spans that were cut at pauses; gives each as soon as it is known to be whole. */
export class SentenceAssembler {
  private pending: Pending[] = []
  private index: number

  constructor(private readonly options: SentenceOptions) {
    this.index = options.firstIndex ?? 0
  }

  /** The index the next segment will have. */
  get nextIndex(): number {
    return this.index
  }

  /** Takes the next span in time order; the sentences that are now complete. */
  add(span: SpokenSpan): TranscriptSegment[] {
    const first = span.words[0]
    if (!first) return []
    const last = this.pending.at(-1)
    const before = last && first.start - last.word.end > LONG_GAP ? this.flush() : []
    for (const word of span.words) this.pending.push({ word, confidence: span.confidence })
    return [...before, ...this.takeComplete()]
  }

  /** What is left, as its own sentence: at the end, or where the speaker changes. */
  flush(): TranscriptSegment[] {
    const segments = this.pending.length > 0 ? [this.segment(this.pending)] : []
    this.pending = []
    return segments
  }

  private takeComplete(): TranscriptSegment[] {
    const segments: TranscriptSegment[] = []
    for (const count of sentenceLengths(this.pending.map(entry => entry.word.text))) {
      const sentence = this.pending.slice(0, count)
      const isLast = count === this.pending.length
      if (isLast && !endsSentence(sentence.at(-1)?.word.text ?? '')) break
      segments.push(...this.cut(sentence).map(part => this.segment(part)))
      this.pending = this.pending.slice(count)
    }
    while (tooLong(this.pending)) {
      const count = bestCut(this.pending)
      segments.push(this.segment(this.pending.slice(0, count)))
      this.pending = this.pending.slice(count)
    }
    return segments
  }

  private cut(sentence: Pending[]): Pending[][] {
    const parts: Pending[][] = []
    let rest = sentence
    while (tooLong(rest)) {
      const count = bestCut(rest)
      parts.push(rest.slice(0, count))
      rest = rest.slice(count)
    }
    return [...parts, rest]
  }

  private segment(entries: readonly Pending[]): TranscriptSegment {
    const words = entries.map(entry => entry.word)
    const confidence = entries.reduce((sum, entry) => sum + entry.confidence, 0) / entries.length
    return {
      index: this.index++,
      start: words[0]?.start ?? 0,
      end: words.reduce((end, word) => Math.max(end, word.end), 0),
      text: cut(words.map(word => word.text).join(' '), LIMITS.textLength),
      confidence: Math.round(confidence * 1000) / 1000,
      source: this.options.source,
      ...(this.options.language && { language: this.options.language }),
      words: this.options.timedWords === false ? [] : words,
    }
  }
}

/** How many of the words each sentence has, in order. */
function sentenceLengths(words: readonly string[]): number[] {
  return sentencesOf(words.join(' ')).map(sentence => sentence.trim().split(/\s+/).length)
}

/** Whether a word closes its sentence: full stop, question or exclamation mark, with any quotes after it. */
function endsSentence(word: string): boolean {
  return /[.!?…。？！]["'”’)\]]*$/.test(word)
}

const tooLong = (entries: readonly Pending[]) =>
  entries.length > MAX_WORDS || (entries.at(-1)?.word.end ?? 0) - (entries[0]?.word.start ?? 0) > MAX_SECONDS

/** Where to end a sentence that does not end: after a comma, else at the longest pause, in the second half of what fits. */
function bestCut(entries: readonly Pending[]): number {
  const start = entries[0]?.word.start ?? 0
  const tooLate = entries.findIndex((entry, at) => at >= MAX_WORDS || entry.word.end - start > MAX_SECONDS)
  const fits = Math.max(1, tooLate)
  let best = fits
  let bestScore = 0
  for (let count = Math.max(1, Math.ceil(fits / 2)); count <= fits; count += 1) {
    const word = entries[count - 1]?.word
    const pause = Math.max(0, (entries[count]?.word.start ?? 0) - (word?.end ?? 0))
    const score = pause + (/[,;:]$/.test(word?.text ?? '') ? 1 : 0)
    if (score > bestScore) [best, bestScore] = [count, score]
  }
  return best
}
