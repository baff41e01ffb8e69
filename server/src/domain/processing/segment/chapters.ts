import {
  type Chapter,
  type LabelSummary,
  LIMITS,
  type MediaInfo,
  type Seconds,
  type TimeRange,
} from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import { contentKeys, termsOf } from '../../text/terms.js'
import { maximumChapters, maximumTopics, minimumChapter, topicBoundaries, type Unit } from './boundaries.js'
import { linesOfSpans, type ScreenLine, type Spoken, sentencesOfSpans, type TimedText } from './chapter-texts.js'
import { chapterKeywords } from './keywords.js'
import { type Salience, salienceOf } from './salience.js'
import { shotGroups } from './shot-groups.js'
import { slideTitlesAt } from './slide-titles.js'
import { titleOf } from './titles.js'

export interface ChapterInput {
  /** In order of time, as are the shots. */
  readonly segments: readonly Spoken[]
  readonly shots: readonly TimeRange[]
  readonly duration: Seconds
  /** Chapters stored in the file; they take precedence. */
  readonly fileChapters?: MediaInfo['chapters']
  /** Meanings of the units of `unitSize` segments, where a sentence model is installed. */
  readonly meanings?: readonly Float32Array[]
  /** Text on the screen, in order of its appearance. */
  readonly screen?: readonly ScreenLine[]
  /** Labels, for videos without speech. */
  readonly labels?: readonly LabelSummary[]
}

/** A chapter starts at a cut at most this many seconds before its first sentence. */
const SNAP = 3
/** Fewer words per second than this, over the whole video, are not enough speech to find chapters. */
const TALKATIVE = 0.25
/** Labels that stand for keywords. */
const MAX_LABELS = 8

/**
 * Chapters that cover `[0, duration)` without gaps: from the file, otherwise from speech, otherwise from what is shown.
 */
export function makeChapters(input: ChapterInput): Chapter[] {
  const { duration, segments } = input
  if (duration <= 0) return []
  const keys = segments.map(segment => contentKeys(segment.text))
  const stored = storedStarts(input)
  const starts = stored.length > 0 ? stored : isTold(input) ? toldStarts(input, keys) : shownStarts(input)
  const spoken = sentencesOfSpans(starts, input)
  const shown = linesOfSpans(starts, input)
  const shownKeys = shown.map(lines => lines.flatMap(({ text }) => contentKeys(text)))
  const salience = salienceOf(
    spoken.map((numbers, at) => [...numbers.flatMap(number => keys[number] ?? []), ...(shownKeys[at] ?? [])]),
  )
  const slideTitles = slideTitlesAt(starts, input.screen ?? [])
  const titles = new Set<string>()
  return starts.map((start, index) => {
    const span = { start, end: starts[index + 1] ?? duration }
    const sentences = (spoken[index] ?? []).map(at => segments[at]?.text ?? '')
    // Analysed again one chapter at a time: the terms of hours of speech would take too much memory.
    const terms = sentences.map(termsOf)
    const weights = salience[index] ?? new Map()
    const labels = labelsIn(input.labels ?? [], span)
    const lines = (shown[index] ?? []).map(({ text }) => termsOf(text))
    const keywords = chapterKeywords([...terms, ...lines], weights)
    const summary = centralSentence(spoken[index] ?? [], { segments, keys, weights })
    const title =
      storedTitle(input, span.start) ??
      slideTitles[index] ??
      titleOf(terms, weights, { texts: sentences, taken: titles }) ??
      labelTitle(labels) ??
      `Part ${index + 1}`
    titles.add(title)
    return {
      index,
      ...span,
      title,
      keywords: keywords.length > 0 ? keywords : labels.slice(0, MAX_LABELS),
      ...(summary && { summary: cut(summary, LIMITS.textLength) }),
    }
  })
}

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

function toldStarts(
  { segments, shots, duration, meanings }: ChapterInput,
  keys: readonly (readonly string[])[],
): Seconds[] {
  const units: Unit[] = segments.map((segment, at) => ({ ...segment, keys: keys[at] ?? [] }))
  const limits = { minimum: minimumChapter(duration), maximum: maximumTopics(duration) }
  const cuts = shots.slice(1).map(({ start }) => start)
  const starts = topicBoundaries(units, limits, { cuts, ...(meanings && { meanings }) })
  const snapped = starts.map(at => snap(units, at, shots))
  return withoutStubs(snapped, { least: limits.minimum - SNAP, duration })
}

/** The start of a sentence, or the last cut in the pause before it. */
function snap(units: readonly Unit[], at: number, shots: readonly TimeRange[]): Seconds {
  const start = units[at]?.start ?? 0
  const earliest = Math.max(start - SNAP, (units[at - 1]?.end ?? 0) - 0.5, 0)
  const cut = shots.findLast(shot => shot.start > earliest && shot.start <= start)
  return cut?.start ?? start
}

function shownStarts({ shots, labels = [], duration }: ChapterInput): Seconds[] {
  const limits = { minimum: minimumChapter(duration), maximum: maximumChapters(duration) }
  return withoutStubs(shotGroups(shots, labels, limits), { least: limits.minimum, duration })
}

/**
 * Drops starts whose chapter would be too short, for example because the picture begins a little late. The first start
 * is 0.
 */
function withoutStubs(
  starts: readonly Seconds[],
  { least, duration }: { readonly least: Seconds; readonly duration: Seconds },
): Seconds[] {
  const kept: Seconds[] = [0]
  for (const start of starts) {
    if (start >= (kept.at(-1) ?? 0) + least && start <= duration - least) kept.push(start)
  }
  return kept
}

function labelsIn(labels: readonly LabelSummary[], span: TimeRange): string[] {
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

interface Said {
  readonly segments: readonly TimedText[]
  readonly keys: readonly (readonly string[])[]
  readonly weights: Salience
}

/** The sentence that says most of what the chapter says: weight of its different words, long sentences held back. */
function centralSentence(numbers: readonly number[], { segments, keys, weights }: Said): string | undefined {
  let best: { readonly text: string; readonly score: number } | undefined
  for (const at of numbers) {
    const own = new Set(keys[at])
    if (own.size < 2) continue
    const told = [...own].reduce((sum, key) => sum + (weights.get(key) ?? 0), 0)
    const score = told / Math.sqrt(own.size + 4)
    if (!best || score > best.score) best = { text: segments[at]?.text ?? '', score }
  }
  return best?.text
}
