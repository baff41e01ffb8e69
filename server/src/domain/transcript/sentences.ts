import { type Confidence, LIMITS, type TranscriptSegment, type Word } from '@cuewire/protocol'
import { cut } from '../../lib/text.js'
import { endsSentence, isSentenceBreak } from './sentence-end.js'

/** A stretch of recognised speech or a caption: its words with absolute times. */
export interface SpokenSpan {
  readonly text: string
  readonly words: readonly Word[]
  readonly confidence: Confidence
  /** Its own language, if that is not known of the whole recording. */
  readonly language?: string
  /** Undefined if unknown; then what continues a sentence has the speaker of that sentence. */
  readonly speaker?: string | undefined
}

export interface SentenceOptions {
  readonly source: TranscriptSegment['source']
  readonly language?: string | undefined
  /** Index of the first segment: the number of existing ones if a job continues. @default 0 */
  readonly firstIndex?: number
  /** False if the times of words are guessed; segments then have no words. @default true */
  readonly timedWords?: boolean
}

/** Seconds of silence that end a sentence without a full stop. */
const LONG_GAP = 1.5
const MAX_SECONDS = 30
const MAX_WORDS = 60

interface Pending {
  readonly word: Word
  readonly confidence: Confidence
  readonly language: string | undefined
  readonly speaker: string | undefined
}

/**
 * Rebuilds sentences from spans that were cut at pauses, and returns each as soon as it is complete. Each has one
 * speaker. Buffered text is never longer than a sentence may be, so the work is linear in the number of words.
 */
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

  /** Takes the next span in time order and returns the sentences now complete. */
  add(span: SpokenSpan): TranscriptSegment[] {
    const segments: TranscriptSegment[] = []
    const [first] = span.words
    const before = this.pending.at(-1)
    if (first && before && first.start - before.word.end > LONG_GAP) segments.push(...this.flush())
    let { speaker } = span
    if (speaker !== undefined && speaker !== before?.speaker) segments.push(...this.flush())
    for (const word of span.words) {
      const last = this.pending.at(-1)
      if (last && isSentenceBreak(last.word.text, word.text, this.isLowerCase())) segments.push(...this.flush())
      speaker ??= this.pending.at(-1)?.speaker
      const language = span.language ?? this.options.language
      this.pending.push({ word, confidence: span.confidence, language, speaker })
      while (tooLong(this.pending)) segments.push(this.cut(bestCut(this.pending)))
    }
    const last = this.pending.at(-1)
    if (last && endsSentence(last.word.text)) segments.push(...this.flush())
    return segments
  }

  /** Returns the remaining words as a sentence: at the end, or when the speaker changes. */
  flush(): TranscriptSegment[] {
    return this.pending.length > 0 ? [this.cut(this.pending.length)] : []
  }

  /** The first buffered words, as a segment. */
  private cut(count: number): TranscriptSegment {
    const entries = this.pending.slice(0, count)
    this.pending = this.pending.slice(count)
    const words = entries.map(entry => entry.word)
    const language = entries[0]?.language
    const speaker = entries[0]?.speaker
    const confidence = entries.reduce((sum, entry) => sum + entry.confidence, 0) / entries.length
    return {
      index: this.index++,
      start: words[0]?.start ?? 0,
      end: words.reduce((end, word) => Math.max(end, word.end), 0),
      text: cut(words.map(word => word.text).join(' '), LIMITS.textLength),
      ...(speaker !== undefined && { speaker }),
      confidence: Math.round(confidence * 1000) / 1000,
      source: this.options.source,
      ...(language && { language }),
      words: this.options.timedWords === false ? [] : words,
    }
  }

  private isLowerCase(): boolean {
    return /^\p{Ll}/u.test(this.pending[0]?.word.text ?? '')
  }
}

const tooLong = (entries: readonly Pending[]) =>
  entries.length > MAX_WORDS || (entries.at(-1)?.word.end ?? 0) - (entries[0]?.word.start ?? 0) > MAX_SECONDS

/**
 * Where to cut a sentence that is too long: after a comma, otherwise at the longest pause, in the second half of what
 * fits.
 */
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
