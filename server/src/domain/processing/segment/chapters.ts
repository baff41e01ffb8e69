import {
  type Chapter,
  type LabelSummary,
  LIMITS,
  type MediaInfo,
  type Seconds,
  type Shot,
  type TranscriptSegment,
} from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import { type Term, termsOf } from '../../text/terms.js'
import { maximumChapters, minimumChapter, topicBoundaries, type Unit } from './boundaries.js'
import { keywordsOf, type Salience, salienceOf } from './keywords.js'
import { shotGroups } from './shot-groups.js'
import { titleOf } from './titles.js'

export interface ChapterInput {
  readonly segments: readonly TranscriptSegment[]
  readonly shots: readonly Shot[]
  readonly duration: Seconds
  /** Chapters stored in the file; they win. */
  readonly fileChapters?: MediaInfo['chapters']
  /** What is seen, for videos without speech. */
  readonly labels?: readonly LabelSummary[]
}

/** A chapter begins with a cut this many seconds before its first sentence, or less. */
const SNAP = 3
/** With fewer words than this a second, over the whole video, its speech does not tell the chapters. */
const TALKATIVE = 0.25
const MAX_KEYWORDS = 8

/** Chapters that cover `[0, duration)` without gaps: those of the file, else by what is said, else by what is shown. */
export function makeChapters(input: ChapterInput): Chapter[] {
  const { duration, segments } = input
  if (duration <= 0) return []
  const stored = storedStarts(input)
  const starts = stored.length > 0 ? stored : isTold(input) ? toldStarts(input) : shownStarts(input)
  const spans = starts.map((start, at) => ({ start, end: starts[at + 1] ?? duration }))
  const spoken = spans.map(span => segments.filter(({ start, end }) => within((start + end) / 2, span)))
  const terms = spoken.map(sentences => sentences.map(sentence => termsOf(sentence.text)))
  const salience = salienceOf(terms.map(chapter => chapter.flat()))
  return spans.map((span, index) => {
    const flat = terms[index]?.flat() ?? []
    const weights = salience[index] ?? new Map()
    const labels = labelsIn(input.labels ?? [], span)
    const keywords = keywordsOf(flat, weights, MAX_KEYWORDS)
    const summary = centralSentence(spoken[index] ?? [], terms[index] ?? [], weights)
    return {
      index,
      ...span,
      title: storedTitle(input, span.start) ?? titleOf(flat, weights) ?? labelTitle(labels) ?? `Part ${index + 1}`,
      keywords: keywords.length > 0 ? keywords : labels.slice(0, MAX_KEYWORDS),
      ...(summary && { summary: cut(summary, LIMITS.textLength) }),
    }
  })
}

const within = (at: Seconds, span: { readonly start: Seconds; readonly end: Seconds }) =>
  at >= span.start && at < span.end

function storedStarts({ fileChapters = [], duration }: ChapterInput): Seconds[] {
  const starts = fileChapters.map(chapter => chapter.start).filter(start => start < duration)
  if (starts.length === 0) return []
  return [...new Set([0, ...starts])].sort((a, b) => a - b)
}

function storedTitle({ fileChapters = [] }: ChapterInput, start: Seconds): string | undefined {
  return fileChapters.find(chapter => chapter.start === start)?.title
}

function isTold({ segments, duration }: ChapterInput): boolean {
  const words = segments.reduce((sum, segment) => sum + segment.text.split(/\s+/).length, 0)
  return words / duration >= TALKATIVE
}

function toldStarts({ segments, shots, duration }: ChapterInput): Seconds[] {
  const units: Unit[] = segments.map(({ start, end, text }) => ({
    start,
    end,
    text,
    keys: termsOf(text).flatMap(term => (term.content ? term.key : [])),
  }))
  const limits = { minimum: minimumChapter(duration), maximum: maximumChapters(duration) }
  const starts = topicBoundaries(units, limits).map(at => snap(units, at, shots))
  return [0, ...starts]
}

/** The start of a sentence, or the last cut in the pause before it. */
function snap(units: readonly Unit[], at: number, shots: readonly Shot[]): Seconds {
  const start = units[at]?.start ?? 0
  const earliest = Math.max(start - SNAP, (units[at - 1]?.end ?? 0) - 0.5, 0)
  const cut = shots.findLast(shot => shot.start > earliest && shot.start <= start)
  return cut?.start ?? start
}

function shownStarts({ shots, labels = [], duration }: ChapterInput): Seconds[] {
  const limits = { minimum: minimumChapter(duration), maximum: maximumChapters(duration) }
  const starts = shotGroups(shots, labels, limits).filter(start => start > 0 && start < duration)
  return [0, ...starts]
}

function labelsIn(labels: readonly LabelSummary[], span: { readonly start: Seconds; readonly end: Seconds }): string[] {
  return labels
    .filter(({ spans }) => spans.some(({ start, end }) => start < span.end && end > span.start))
    .map(({ label }) => label)
}

function labelTitle(labels: readonly string[]): string | undefined {
  const [first, second] = labels
  if (first === undefined) return undefined
  const title = second ? `${first} and ${second}` : first
  return title.charAt(0).toUpperCase() + title.slice(1)
}

/** The sentence that says most of what the chapter says: weight of its different words, long sentences held back. */
function centralSentence(
  sentences: readonly TranscriptSegment[],
  terms: readonly Term[][],
  salience: Salience,
): string | undefined {
  let best: { readonly text: string; readonly score: number } | undefined
  for (const [at, sentence] of sentences.entries()) {
    const keys = new Set((terms[at] ?? []).flatMap(term => (term.content ? term.key : [])))
    if (keys.size < 2) continue
    const told = [...keys].reduce((sum, key) => sum + (salience.get(key) ?? 0), 0)
    const score = told / Math.sqrt(keys.size + 4)
    if (!best || score > best.score) best = { text: sentence.text, score }
  }
  return best?.text
}
