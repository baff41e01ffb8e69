import { encodeSentences } from '@cuewire/server/domain/processing/encode-sentences.js'
import { type ChapterColumns, chaptersOf } from '@cuewire/server/domain/processing/segment/chapter-columns.js'
import { LECTURES } from '../eval/lectures.js'
import { PASSAGES } from '../eval/passages.js'
import { boundaryF1Within, pk, windowDiff } from '../eval/segmentation-metrics.js'
import { makeTalk, type Pauses, type Talk } from '../eval/talk.js'
import { textTiling } from '../eval/text-tiling.js'
import { seededRandom } from '../lib/seeded-random.js'
import { shuffled } from '../lib/shuffled.js'
import type { Measure, Row } from './measure.js'
import { withSentenceEncoders } from './sentence-encoders.js'

const DOCUMENTS = 20
/** Talks made of each lecture, of parts whose lengths differ. */
const VARIANTS = 5
const LEAST_SENTENCES = 4
const SEGMENTS = 10
/** Sentences of a segment: at least, and how many more. */
const SENTENCES = { least: 3, more: 5 }
const NO_PAUSES: Pauses = { sentence: 0.45, topic: 0.45 }
const PAUSES: Pauses = { sentence: 0.45, topic: 1.2 }
const SENTENCE = /[^.!?]+[.!?]+/g
/** A boundary is right within so many seconds. */
const TOLERANCE = 5

/** Starts of the topics but the first, in seconds. */
type Segmenter = (talk: Talk) => Promise<number[]> | number[]

/** Chapters of talks whose parts are known: unlike subjects joined, and lectures on one subject. */
export const chapters: Measure = async ({ signal, progress }) => {
  const random = seededRandom(7)
  const sets: Record<string, readonly Talk[]> = {
    'ten subjects joined': Array.from({ length: DOCUMENTS }, () => joinedTalk(random)),
    'lectures, development': lectures('development', NO_PAUSES, random),
    'lectures, held out': lectures('heldOut', NO_PAUSES, random),
    'lectures with pauses, held out': lectures('heldOut', PAUSES, random),
  }
  const baselines: Record<string, Segmenter> = {
    uniform: ({ boundaries, duration }) => boundaries.map((_, at) => ((at + 1) * duration) / (boundaries.length + 1)),
    random: ({ boundaries, duration }) => boundaries.map(() => random() * duration).sort((a, b) => a - b),
    TextTiling: ({ segments }) => textTiling(segments.map(({ text }) => text)).map(at => segments[at]?.start ?? 0),
  }
  const rows: Row[] = []
  const measure = async (method: string, segmenter: Segmenter) => {
    for (const [set, talks] of Object.entries(sets)) {
      signal.throwIfAborted()
      progress(`${method}, ${set}`)
      const beside = await Promise.all(
        Object.entries(baselines).map(async ([name, baseline]) => `${name} ${shown(await scores(talks, baseline))}`),
      )
      const isJoined = set === 'ten subjects joined'
      const target = isJoined ? 'Pk <= 0.19, with MiniLM 0.15' : `F1 >= 0.45`
      const found = shown(await scores(talks, segmenter))
      rows.push({ set, what: `Pk / WindowDiff / F1 at 5 s, ${method}`, found, target, baselines: beside.join(', ') })
    }
  }
  await measure('words alone', talk => startsOf(talk))
  await withSentenceEncoders(async (pack, encoder) => {
    await measure(pack, async talk => {
      const sentences = talk.segments.map(({ text }) => text)
      return startsOf(talk, await encodeSentences(encoder, sentences, { signal, report: () => undefined }))
    })
  })
  return { rows }
}

/** Ten passages of different subjects, each from its beginning, as Choi (2000) joins documents. */
function joinedTalk(random: () => number): Talk {
  const passages = shuffled(Object.values(PASSAGES), random).slice(0, SEGMENTS)
  return makeTalk(
    passages.map(text => {
      const sentences = text.match(SENTENCE) ?? []
      return sentences.slice(0, SENTENCES.least + Math.floor(random() * SENTENCES.more)).join(' ')
    }),
    NO_PAUSES,
  )
}

/** Lectures of which each part keeps its first sentences, at random how many. */
function lectures(set: keyof typeof LECTURES, pauses: Pauses, random: () => number): Talk[] {
  const shortened = (part: string) => {
    const sentences = part.match(SENTENCE) ?? []
    const spare = sentences.length - LEAST_SENTENCES
    return sentences.slice(0, LEAST_SENTENCES + Math.floor(random() * (spare + 1))).join(' ')
  }
  return Object.values(LECTURES[set]).flatMap(parts =>
    Array.from({ length: VARIANTS }, () => makeTalk(parts.map(shortened), pauses)),
  )
}

function startsOf({ segments, duration }: Talk, meanings?: ChapterColumns['meanings']): number[] {
  const { chapters: found } = chaptersOf({
    sentences: segments.map(({ text }) => text),
    sentenceTimes: segments.flatMap(({ start, end }) => [start, end]),
    speakers: segments.map(({ speaker = '' }) => speaker),
    lines: [],
    lineTimes: [],
    lineTitles: [],
    shotTimes: [],
    labels: [],
    fileChapters: [],
    duration,
    ...(meanings && { meanings }),
  })
  return found.slice(1).map(({ start }) => start)
}

async function scores(talks: readonly Talk[], segmenter: Segmenter): Promise<readonly [number, number, number]> {
  const each = await Promise.all(
    talks.map(async talk => {
      const { segments, boundaries } = talk
      const found = await segmenter(talk)
      const units = segments.length
      // A time between two sentences counts as the start of the later one.
      const unitsOf = (times: readonly number[]) =>
        times.map(time => segments.findIndex(({ start }) => start >= time)).filter(at => at > 0)
      const [truth, guess] = [unitsOf(boundaries), unitsOf(found)]
      return [
        pk(truth, guess, units),
        windowDiff(truth, guess, units),
        boundaryF1Within(boundaries, found, TOLERANCE),
      ] as const
    }),
  )
  const mean = (part: 0 | 1 | 2) => each.reduce((sum, score) => sum + score[part], 0) / each.length
  return [mean(0), mean(1), mean(2)]
}

const shown = (values: readonly number[]) => values.map(value => value.toFixed(2)).join(' / ')
