import { makeChapters } from '@cuewire/server/domain/processing/segment/chapters.js'
import { seededRandom } from '../lib/seeded-random.js'
import { PASSAGES } from './passages.js'
import { boundaryF1, pk, windowDiff } from './segmentation-metrics.js'
import { makeTalk, type Pauses, type Talk } from './talk.js'

const TALKS = 20
const TOPICS = [3, 5, 8]
const PAUSES: Record<string, Pauses> = {
  'pause 1.2 s between topics': { sentence: 0.45, topic: 1.2 },
  'pause 0.8 s between topics': { sentence: 0.45, topic: 0.8 },
  'no longer pause': { sentence: 0.45, topic: 0.45 },
}

type Segmenter = (talk: Talk, random: () => number) => number[]

/** Numbers of the sentences that begin a topic, by each method. The baselines are told how many there are. */
const METHODS: Record<string, Segmenter> = {
  chapters: talk => {
    const starts = makeChapters({ segments: talk.segments, shots: [], duration: talk.duration }).map(
      ({ start }) => start,
    )
    return talk.segments.flatMap(({ start }, at) => (at > 0 && starts.includes(start) ? at : []))
  },
  uniform: talk =>
    talk.boundaries.map((_, at) => Math.round(((at + 1) * talk.segments.length) / (talk.boundaries.length + 1))),
  random: (talk, random) => {
    const places = talk.segments.map((_, at) => ({ at, key: random() })).slice(1)
    return places
      .sort((a, b) => a.key - b.key)
      .slice(0, talk.boundaries.length)
      .map(({ at }) => at)
  },
  none: () => [],
}

/** Prints how well topic changes are found in talks joined from unlike passages. */
function main(): void {
  const random = seededRandom(7)
  const table: Record<string, Record<string, number>> = {}
  for (const [pauses, times] of Object.entries(PAUSES)) {
    const talks = TOPICS.flatMap(topics => Array.from({ length: TALKS }, () => talkOf(topics, times, random)))
    for (const [method, segment] of Object.entries(METHODS)) {
      const scores = talks.map(talk => {
        const truth = talk.boundaries.map(start => talk.segments.findIndex(segment => segment.start === start))
        const found = segment(talk, random)
        const units = talk.segments.length
        return {
          pk: pk(truth, found, units),
          windowDiff: windowDiff(truth, found, units),
          f1: boundaryF1(truth, found),
        }
      })
      table[`${method}, ${pauses}`] = {
        Pk: mean(scores.map(score => score.pk)),
        WindowDiff: mean(scores.map(score => score.windowDiff)),
        'boundary F1': mean(scores.map(score => score.f1)),
      }
    }
  }
  console.table(table)
}

function talkOf(topics: number, { sentence, topic }: Pauses, random: () => number): Talk {
  const passages = Object.values(PASSAGES)
    .map(text => ({ text, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, topics)
  const talk = makeTalk(
    passages.map(({ text }) => beginning(text, 4 + Math.floor(random() * 4))),
    { sentence, topic },
  )
  // Real pauses vary; the last words of a sentence end up to 0.2 s early or late.
  const segments = talk.segments.map(segment => ({ ...segment, end: segment.end + (random() - 0.5) * 0.4 }))
  return { ...talk, segments }
}

/** The first sentences of a passage, so that topics differ in length. */
const beginning = (text: string, sentences: number) =>
  (text.match(/[^.!?]+[.!?]+/g) ?? []).slice(0, sentences).join(' ')

const mean = (values: readonly number[]) =>
  Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1000) / 1000

main()
