import { type Chapter, LIMITS, type Seconds, type SummarySentence } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import { contentKeys, termsOf } from '../../text/terms.js'
import { unitSize } from './boundaries.js'
import { sentencesOfSpans, type TimedText } from './chapter-texts.js'
import { type Salience, salienceOf } from './salience.js'
import { standsAlone } from './stands-alone.js'
import { centroidOf, similarity, type UnitVector, unitVectors } from './unit-vectors.js'

export interface SummaryInput {
  /** In order of time. */
  readonly segments: readonly TimedText[]
  /** They cover the video without gaps. */
  readonly chapters: readonly Pick<Chapter, 'start' | 'end' | 'title'>[]
  readonly duration: Seconds
  /** Meanings of the units of `unitSize` segments, where a sentence model is installed. */
  readonly meanings?: readonly Float32Array[]
}

/** Sentences of a summary: one for each chapter, within these bounds, */
const LEAST = 3
const MOST = 12
/** and at most this share of what is said. */
const MOST_SHARE = 1 / 3

/**
 * Weights beside the centrality of a sentence: the salience of its words, the share of the words of the chapter's title
 * that it has, how early in the chapter it is said, and the length of the chapter.
 */
const WORDS_WEIGHT = 0.5
const TITLE_WEIGHT = 0.4
const OPENING_WEIGHT = 0.2
const LENGTH_WEIGHT = 0.2
/** What being like a sentence already chosen takes off, and from which similarity on it says the same. */
const REDUNDANCY_WEIGHT = 0.6
const SAME = 0.8

/** A sentence that may be in the summary. */
interface Candidate {
  readonly at: number
  readonly text: string
  readonly chapter: number
  readonly vector: UnitVector
  readonly score: number
}

/**
 * The sentences that say most of what the video says, in order of time. Each is scored by its similarity to the centroid
 * of its chapter (Radev et al., "Centroid-based summarization of multiple documents", 2004), its words and its place. They
 * are then chosen one by one by maximal marginal relevance (Carbonell and Goldstein, "The use of MMR", 1998), so that none
 * repeats another. Sentences that need the one before them to be understood are left out.
 */
export function summarise(input: SummaryInput): SummarySentence[] {
  const { segments, chapters } = input
  const budget = Math.min(
    Math.max(LEAST, Math.min(MOST, chapters.length)),
    Math.max(1, Math.floor(segments.length * MOST_SHARE)),
  )
  const perChapter = Math.ceil(budget / Math.max(1, chapters.length))
  const candidates = candidatesOf(input)
  const chosen: Candidate[] = []
  const taken = new Map<number, number>()
  while (chosen.length < budget) {
    const open = candidates.filter(({ chapter }) => (taken.get(chapter) ?? 0) < perChapter)
    const next = mostRelevant(open, chosen)
    if (!next) break
    chosen.push(next)
    taken.set(next.chapter, (taken.get(next.chapter) ?? 0) + 1)
  }
  return chosen
    .sort((a, b) => a.at - b.at)
    .map(({ at, text, chapter }, index) => {
      const { start, end } = segments[at] ?? { start: 0, end: 0 }
      return { index, start, end, text: cut(text, LIMITS.textLength), chapter }
    })
}

function mostRelevant(candidates: readonly Candidate[], chosen: readonly Candidate[]): Candidate | undefined {
  let best: { readonly candidate: Candidate; readonly relevance: number } | undefined
  for (const candidate of candidates) {
    const likeness = Math.max(0, ...chosen.map(({ vector }) => similarity(vector, candidate.vector)))
    const relevance = candidate.score - REDUNDANCY_WEIGHT * likeness
    if (likeness < SAME && (!best || relevance > best.relevance)) best = { candidate, relevance }
  }
  return best?.candidate
}

/** The best sentence of each unit, which is a single sentence unless the text is very long. */
function candidatesOf({ segments, chapters, duration, meanings }: SummaryInput): Candidate[] {
  const size = unitSize(segments.length)
  const units = Array.from({ length: Math.ceil(segments.length / size) }, (_, unit) => unit * size)
  const readings = segments.map(({ text }) => {
    const terms = termsOf(text)
    const keys = terms.flatMap(({ key, content }) => (content ? [key] : []))
    return { keys, alone: standsAlone(text, terms) }
  })
  const vectors = unitVectors(
    units.map(first => readings.slice(first, first + size).flatMap(({ keys }) => keys)),
    meanings,
  )
  const starts = chapters.map(({ start }) => start)
  const spoken = sentencesOfSpans(starts, { segments, duration })
  const saliences = salienceOf(spoken.map(numbers => numbers.flatMap(at => readings[at]?.keys ?? [])))
  const longest = Math.max(...chapters.map(({ start, end }) => end - start))
  return spoken.flatMap((numbers, chapter) => {
    const own = [...new Set(numbers.map(at => Math.floor(at / size)))]
    const centroid = centroidOf(own.flatMap(unit => vectors[unit] ?? []))
    const { start = 0, end = 0, title = '' } = chapters[chapter] ?? {}
    const titleKeys = contentKeys(title)
    const length = longest > 0 ? Math.sqrt((end - start) / longest) : 0
    const salience: Salience = saliences[chapter] ?? new Map()
    const told = numbers.map(at => wordScore(readings[at]?.keys ?? [], salience))
    const most = Math.max(0, ...told)
    const best = new Map<number, Candidate>()
    for (const [place, at] of numbers.entries()) {
      const unit = Math.floor(at / size)
      const vector = vectors[unit]
      if (!vector || !readings[at]?.alone) continue
      const words = most > 0 ? (told[place] ?? 0) / most : 0
      const score =
        similarity(vector, centroid) +
        WORDS_WEIGHT * words +
        TITLE_WEIGHT * share(titleKeys, readings[at]?.keys ?? []) +
        OPENING_WEIGHT / (1 + place) +
        LENGTH_WEIGHT * length
      if (score > (best.get(unit)?.score ?? Number.NEGATIVE_INFINITY))
        best.set(unit, { at, text: segments[at]?.text ?? '', chapter, vector, score })
    }
    return [...best.values()]
  })
}

/** Share of the keys that are among the others. */
function share(keys: readonly string[], others: readonly string[]): number {
  return keys.length > 0 ? keys.filter(key => others.includes(key)).length / keys.length : 0
}

/** Weight of the different words of a sentence in its chapter; long sentences are held back. */
function wordScore(keys: readonly string[], salience: Salience): number {
  const own = new Set(keys)
  return [...own].reduce((sum, key) => sum + (salience.get(key) ?? 0), 0) / Math.sqrt(own.size + 4)
}
