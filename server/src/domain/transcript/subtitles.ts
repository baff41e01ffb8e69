import { LIMITS, type Seconds, type SubtitlesInput, type TranscriptSegment } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { type Cue, utterancesOf, withoutRepeats } from './cues.js'
import { guessWords } from './guess-words.js'
import { readCues, refuse } from './read-cues.js'
import { SentenceAssembler, type SentenceOptions } from './sentences.js'

export interface SubtitlesRequest extends Omit<SubtitlesInput, 'format'> {
  readonly format: SubtitlesInput['format'] | 'ass'
  /** Given ones are refused where they are over a limit; of embedded ones the rest is left out, with a warning. */
  readonly source: 'embedded' | 'given'
  /** Length of the video: what would be said after it is left out, with a warning. */
  readonly duration?: Seconds
}

export interface ParsedSubtitles {
  /** In order of time, each start no earlier than the one before. */
  readonly segments: readonly TranscriptSegment[]
  /** What was left out and why, for people; empty when nothing was. */
  readonly warnings: readonly string[]
}

const EXAMPLES = {
  vtt: 'WebVTT text with times such as 00:01.000 --> 00:03.500',
  srt: 'SubRip text with times such as 00:00:01,000 --> 00:00:03,500',
  ass: 'a script of SubStation Alpha with Dialogue lines',
}

/**
 * The sentences of a WebVTT, SubRip or SubStation Alpha text. Cues that split a sentence are joined; where one cue holds
 * several, its time is shared out by length. Throws `subtitles.invalid` when no cue can be read, and for given ones that
 * are too large. The work grows with the text and may take seconds: call it in a text thread.
 */
export function parseSubtitles(request: SubtitlesRequest): ParsedSubtitles {
  const { format, source, language, duration = Number.POSITIVE_INFINITY } = request
  const isGiven = source === 'given'
  if (isGiven && request.text.length > LIMITS.subtitlesLength)
    refuse(`the text may have ${LIMITS.subtitlesLength} characters`)
  const isCut = !isGiven && Buffer.byteLength(request.text) > LIMITS.embeddedSubtitlesBytes
  const text = request.text.slice(0, LIMITS.embeddedSubtitlesBytes).toWellFormed()
  const read = readCues({ format, text, strict: isGiven })
  const cues = clipped(read.cues, duration)
  const warnings = [
    ...(isCut ? [`The subtitles are too long: only the first ${LIMITS.embeddedSubtitlesBytes} bytes were read.`] : []),
    ...read.warnings,
    ...(cues.length < read.cues.length
      ? [`${read.cues.length - cues.length} cues begin after the end of the video and were left out.`]
      : []),
  ]
  if (read.cues.length === 0) throw new AppError('subtitles.invalid', `No cue could be read: send ${EXAMPLES[format]}.`)
  if (cues.length === 0)
    throw new AppError(
      'subtitles.invalid',
      `All cues begin after the end of the video, at ${duration} s; correct their times.`,
    )
  return { segments: sentencesOf(cues, { source, language }), warnings }
}

function sentencesOf(cues: readonly Cue[], options: Pick<SentenceOptions, 'source' | 'language'>): TranscriptSegment[] {
  const assembler = new SentenceAssembler({ ...options, timedWords: false })
  const segments: TranscriptSegment[] = []
  for (const utterance of utterancesOf(withoutRepeats(cues))) {
    if (utterance.newSpeaker) segments.push(...assembler.flush())
    // A cue of 20,000 characters holds too few sentences to be a problem as arguments.
    const { text, speaker } = utterance
    segments.push(...assembler.add({ text, words: guessWords(utterance), confidence: 1, speaker }))
  }
  segments.push(...assembler.flush())
  let from: Seconds = 0
  return segments.map(segment => {
    from = Math.max(from, toMillis(segment.start))
    return { ...segment, start: from, end: Math.max(from, toMillis(segment.end)) }
  })
}

function clipped(cues: readonly Cue[], duration: Seconds): Cue[] {
  return cues.flatMap(cue => (cue.start < duration ? { ...cue, end: Math.min(cue.end, duration) } : []))
}

const toMillis = (seconds: number) => Math.round(seconds * 1000) / 1000
