import type { Chapter, OutlineSection, Seconds } from '@cuewire/protocol'
import { contentKeys, termsOf } from '../../text/terms.js'
import { topicBoundaries, unitSize } from './boundaries.js'
import { sentencesOfSpans, type TimedText } from './chapter-texts.js'
import { salienceOf } from './salience.js'
import { sectionTitle, titleOf } from './titles.js'
import { centroidOf, neighbourScatter, RunningSum, type UnitVector, unitVectors } from './unit-vectors.js'

export interface OutlineInput {
  /** In order of time. */
  readonly segments: readonly TimedText[]
  /** They cover the video without gaps. */
  readonly chapters: readonly Pick<Chapter, 'index' | 'start' | 'end' | 'title'>[]
  readonly duration: Seconds
  /** Meanings of the units of `unitSize` segments, where a sentence model is installed. */
  readonly meanings?: readonly Float32Array[]
}

type Part = OutlineSection['parts'][number]

/** Chapters that are few enough to be taken in without sections. */
const FEW = 5
const MOST_SECTIONS = 12
/** Bounds of a section, in chapters. The upper one, which bounds the work, grows with the number of chapters. */
const LEAST_CHAPTERS = 2
const MOST_CHAPTERS = 30
const MOST_SHARE = 1 / 4
/** Cost of a further section, in scatters of one chapter (`neighbourScatter`). */
const SECTION_COST = 2
/** A chapter is split if it is longer than this; its parts have at least a minute, and there are at most so many. */
const LONG: Seconds = 300
const LEAST_PART: Seconds = 60
const MOST_PARTS = 8

/**
 * The outline of a video. Many chapters are grouped into sections of neighbours, whose `parts` are the chapters. A few
 * chapters are the sections themselves; only the long ones, as files may have them, have `parts`.
 */
export function outlineSections(input: OutlineInput): OutlineSection[] {
  const { chapters } = input
  const starts = chapters.length > FEW && input.segments.length > 0 ? sectionStarts(input) : []
  if (starts.length > 1) return grouped(input, starts)
  const spoken = spokenIn(input)
  return chapters.map(({ index, start, end, title }, at) => {
    return { index, start, end, title, parts: partsOf(input, at, spoken[at] ?? []) }
  })
}

/** Sections of the chapters from each of these indices on. */
function grouped(input: OutlineInput, starts: readonly number[]): OutlineSection[] {
  const { segments, chapters } = input
  const texts = spokenIn(input).map(numbers => numbers.map(number => segments[number]?.text ?? ''))
  const groups = starts.map((from, at) => ({ from, to: starts[at + 1] ?? chapters.length }))
  const saliences = salienceOf(groups.map(({ from, to }) => texts.slice(from, to).flat().flatMap(contentKeys)))
  const taken = new Set(chapters.map(({ title }) => title))
  return groups.map(({ from, to }, index) => {
    const own = chapters.slice(from, to)
    const terms = texts.slice(from, to).map(sentences => sentences.map(termsOf))
    const title = sectionTitle(terms, saliences[index] ?? new Map(), taken) ?? longest(own).title
    taken.add(title)
    const parts = own.map(chapter => ({ start: chapter.start, end: chapter.end, title: chapter.title }))
    return { index, start: own[0]?.start ?? 0, end: own.at(-1)?.end ?? 0, title, parts }
  })
}

/** The parts of a long chapter, by the changes of subject in it; none if there are none. */
function partsOf({ segments, chapters, meanings }: OutlineInput, at: number, numbers: readonly number[]): Part[] {
  const { start = 0, end = 0 } = chapters[at] ?? {}
  // The vectors of a text so long that they stand for several sentences are too coarse.
  if (end - start <= LONG || (meanings && unitSize(segments.length) > 1)) return []
  const sentences = numbers.flatMap(number => segments[number] ?? [])
  const keys = sentences.map(({ text }) => contentKeys(text))
  const own = meanings && { meanings: numbers.flatMap(number => meanings[number] ?? []) }
  const bounds = topicBoundaries(
    sentences.map((sentence, place) => ({ ...sentence, keys: keys[place] ?? [] })),
    { minimum: LEAST_PART, maximum: MOST_PARTS },
    own,
  )
  if (bounds.length === 0) return []
  const froms = [0, ...bounds]
  const saliences = salienceOf(froms.map((from, part) => keys.slice(from, froms[part + 1]).flat()))
  const taken = new Set<string>()
  return froms.map((from, part) => {
    const to = froms[part + 1]
    const texts = sentences.slice(from, to).map(({ text }) => text)
    const options = { texts, taken }
    const title = titleOf(texts.map(termsOf), saliences[part] ?? new Map(), options) ?? `Part ${part + 1}`
    taken.add(title)
    return {
      start: part === 0 ? start : (sentences[from]?.start ?? start),
      end: to === undefined ? end : (sentences[to]?.start ?? end),
      title,
    }
  })
}

/**
 * Indices of the chapters that begin a section: the grouping of neighbours with the least scatter within the groups and
 * the least cost of groups, by dynamic programming, as chapters are found among sentences.
 */
function sectionStarts(input: OutlineInput): number[] {
  const vectors = chapterVectors(input)
  const cost = SECTION_COST * neighbourScatter(vectors)
  for (let penalty = cost; ; penalty = penalty * 1.25 + 0.05) {
    const found = cheapestGroups(vectors, penalty)
    if (found.length <= MOST_SECTIONS) return found
  }
}

function cheapestGroups(vectors: readonly UnitVector[], penalty: number): number[] {
  const best = new Float64Array(vectors.length + 1).fill(Number.POSITIVE_INFINITY)
  const from = new Int32Array(vectors.length + 1)
  best[0] = 0
  const most = Math.max(MOST_CHAPTERS, Math.ceil(vectors.length * MOST_SHARE))
  for (let start = 0; start < vectors.length; start += 1) {
    if (!Number.isFinite(best[start])) continue
    const sum = new RunningSum(vectors[0]?.meaning.length ?? 0)
    const farthest = Math.min(vectors.length, start + most)
    for (let end = start + 1; end <= farthest; end += 1) {
      const vector = vectors[end - 1]
      if (vector) sum.add(vector)
      const total = (best[start] ?? 0) + sum.scatter + penalty
      if (end - start < LEAST_CHAPTERS || total >= (best[end] ?? 0)) continue
      best[end] = total
      from[end] = start
    }
  }
  const starts: number[] = []
  for (let end = vectors.length; end > 0; end = from[end] ?? 0) starts.push(from[end] ?? 0)
  return starts.reverse()
}

/** The mean vector of the sentences of each chapter. */
function chapterVectors(input: OutlineInput): UnitVector[] {
  const { segments, meanings } = input
  const size = unitSize(segments.length)
  const keys = segments.map(({ text }) => contentKeys(text))
  const units = Array.from({ length: Math.ceil(segments.length / size) }, (_, unit) => unit * size)
  const vectors = unitVectors(
    units.map(first => keys.slice(first, first + size).flat()),
    meanings,
  )
  return spokenIn(input).map(numbers => {
    const own = new Set(numbers.map(number => Math.floor(number / size)))
    return centroidOf([...own].flatMap(unit => vectors[unit] ?? []))
  })
}

function spokenIn(input: OutlineInput): number[][] {
  return sentencesOfSpans(
    input.chapters.map(({ start }) => start),
    input,
  )
}

function longest<T extends { readonly start: Seconds; readonly end: Seconds; readonly title: string }>(
  chapters: readonly T[],
): { readonly title: string } {
  return chapters.reduce<{ title: string; length: number }>(
    (best, { start, end, title }) => (end - start > best.length ? { title, length: end - start } : best),
    { title: '', length: -1 },
  )
}
