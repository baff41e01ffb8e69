import { encodeSentences } from '@cuewire/server/domain/processing/encode-sentences.js'
import { makeChapters } from '@cuewire/server/domain/processing/segment/chapters.js'
import { outlineSections } from '@cuewire/server/domain/processing/segment/sections.js'
import { rowsOf } from '@cuewire/server/domain/processing/segment/vector-rows.js'
import type { SentenceEncoder } from '@cuewire/server/models/models.js'
import { LECTURES } from '../eval/lectures.js'
import { boundaryF1Within } from '../eval/segmentation-metrics.js'
import { makeTalk, type Talk } from '../eval/talk.js'
import { seededRandom } from '../lib/seeded-random.js'
import { shuffled } from '../lib/shuffled.js'
import type { Measure, Row } from './measure.js'
import { withSentenceEncoders } from './sentence-encoders.js'

const VIDEOS = 12
const PAUSES = { sentence: 0.45, topic: 1.2 }
/** A section is right if it starts within so many seconds. */
const TOLERANCE = 5

/** Lectures joined: each part is a chapter, each lecture should be a section. */
interface Joined {
  readonly talk: Talk
  readonly chapterStarts: readonly number[]
  /** Starts of the lectures but the first. */
  readonly sectionStarts: readonly number[]
}

/** How well the sections of an outline are the lectures that a video was joined of, when its chapters are right. */
export const outline: Measure = async ({ signal, progress }) => {
  const random = seededRandom(13)
  const sets = {
    'lectures joined, development': Array.from({ length: VIDEOS }, () => joined('development', random)),
    'lectures joined, held out': Array.from({ length: VIDEOS }, () => joined('heldOut', random)),
  }
  const rows: Row[] = []
  const measure = async (method: string, encoder?: SentenceEncoder) => {
    for (const [set, videos] of Object.entries(sets)) {
      signal.throwIfAborted()
      progress(`${method}, ${set}`)
      const found: number[] = []
      const uniform: number[] = []
      for (const video of videos) {
        const { sectionStarts, chapterStarts } = video
        found.push(boundaryF1Within(sectionStarts, await sectionsOf(video, signal, encoder), TOLERANCE))
        const step = chapterStarts.length / (sectionStarts.length + 1)
        const even = sectionStarts.map((_, at) => chapterStarts[Math.round((at + 1) * step)] ?? 0)
        uniform.push(boundaryF1Within(sectionStarts, even, TOLERANCE))
      }
      const what = `F1 of section starts, ${method}`
      rows.push({ set, what, found: mean(found), baselines: `uniform, told their number ${mean(uniform)}` })
    }
  }
  await measure('words alone')
  await withSentenceEncoders(measure)
  return { rows }
}

/** Two to four lectures of a set, in random order. */
function joined(set: keyof typeof LECTURES, random: () => number): Joined {
  const lectures = shuffled(Object.values(LECTURES[set]), random).slice(0, 2 + Math.floor(random() * 3))
  const talk = makeTalk(lectures.flat(), PAUSES)
  const chapterStarts = [0, ...talk.boundaries]
  const sectionStarts = lectures.slice(1).map((_, at) => chapterStarts[lectures.slice(0, at + 1).flat().length] ?? 0)
  return { talk, chapterStarts, sectionStarts }
}

async function sectionsOf(
  { talk: { segments, duration }, chapterStarts }: Joined,
  signal: AbortSignal,
  encoder?: SentenceEncoder,
): Promise<number[]> {
  const sentences = segments.map(({ text }) => text)
  const encoded = encoder && (await encodeSentences(encoder, sentences, { signal, report: () => undefined }))
  const fileChapters = chapterStarts.map((start, at) => ({ start, end: chapterStarts[at + 1] ?? duration }))
  const chapters = makeChapters({ segments, shots: [], duration, fileChapters })
  const sections = outlineSections({ segments, chapters, duration, ...(encoded && { meanings: rowsOf(encoded) }) })
  return sections.slice(1).map(({ start }) => start)
}

const mean = (values: readonly number[]) => (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(2)
