import { encodeSentences } from '@cuewire/server/domain/processing/encode-sentences.js'
import { makeChapters } from '@cuewire/server/domain/processing/segment/chapters.js'
import { summarise } from '@cuewire/server/domain/processing/segment/summary.js'
import { rowsOf } from '@cuewire/server/domain/processing/segment/vector-rows.js'
import { keyOf } from '@cuewire/server/domain/text/forms.js'
import { contentKeys, termsOf } from '@cuewire/server/domain/text/terms.js'
import type { SentenceEncoder } from '@cuewire/server/models/models.js'
import { LECTURES } from '../eval/lectures.js'
import { PASSAGES, type PassageName } from '../eval/passages.js'
import { LECTURE_SUBJECTS, PASSAGE_SUBJECTS } from '../eval/subjects.js'
import { makeTalk, type Talk } from '../eval/talk.js'
import { seededRandom } from '../lib/seeded-random.js'
import { shuffled } from '../lib/shuffled.js'
import type { Measure, Row } from './measure.js'
import { withSentenceEncoders } from './sentence-encoders.js'

const DOCUMENTS = 20
const PASSAGES_OF_DOCUMENT = 8
const PAUSES = { sentence: 0.45, topic: 1.2 }

/** A talk, and for each of its parts the words that name the subject. */
interface Told {
  readonly talk: Talk
  readonly subjects: readonly (readonly string[])[]
}

/** The sentences of a summary, of which there should be `count`. */
type Summariser = (talk: Talk, count: number) => readonly string[]

/** How many of the subjects of a talk its summary names, and how much it repeats itself. */
export const summary: Measure = async ({ signal, progress }) => {
  const random = seededRandom(11)
  const sets: Record<string, readonly Told[]> = {
    'eight subjects joined': Array.from({ length: DOCUMENTS }, () => joined(random)),
    'lectures, development': lectures('development'),
    'lectures, held out': lectures('heldOut'),
  }
  const baselines: Record<string, Summariser> = {
    lead: ({ segments }, count) => segments.slice(0, count).map(({ text }) => text),
    random: ({ segments }, count) =>
      shuffled(segments, random)
        .slice(0, count)
        .map(({ text }) => text),
  }
  const rows: Row[] = []
  const measure = async (method: string, encoder?: SentenceEncoder) => {
    for (const [set, texts] of Object.entries(sets)) {
      signal.throwIfAborted()
      progress(`${method}, ${set}`)
      const found: Score[] = []
      const beside = Object.entries(baselines).map(([name, baseline]) => ({ name, baseline, scores: [] as Score[] }))
      for (const { talk, subjects } of texts) {
        const sentences = await summaryOf(talk, signal, encoder)
        found.push(scoreOf(sentences, subjects))
        for (const { baseline, scores } of beside) scores.push(scoreOf(baseline(talk, sentences.length), subjects))
      }
      rows.push({
        set,
        what: `coverage / redundancy / sentences, ${method}`,
        found: shown(found),
        baselines: beside.map(({ name, scores }) => `${name} ${shown(scores)}`).join(', '),
      })
    }
  }
  await measure('words alone')
  await withSentenceEncoders((name, encoder) => measure(name, encoder))
  return { rows }
}

function joined(random: () => number): Told {
  const names = shuffled(Object.keys(PASSAGES) as PassageName[], random).slice(0, PASSAGES_OF_DOCUMENT)
  return {
    talk: makeTalk(
      names.map(name => PASSAGES[name]),
      PAUSES,
    ),
    subjects: names.map(name => PASSAGE_SUBJECTS[name]),
  }
}

function lectures(set: keyof typeof LECTURES): Told[] {
  const subjects: Readonly<Record<string, readonly (readonly string[])[]>> = LECTURE_SUBJECTS[set]
  return Object.entries(LECTURES[set]).map(([name, parts]) => ({
    talk: makeTalk(parts, PAUSES),
    subjects: (subjects[name] ?? []).filter(words => words.length > 0),
  }))
}

async function summaryOf(
  { segments, duration }: Talk,
  signal: AbortSignal,
  encoder?: SentenceEncoder,
): Promise<string[]> {
  const sentences = segments.map(({ text }) => text)
  const encoded = encoder && (await encodeSentences(encoder, sentences, { signal, report: () => undefined }))
  const meanings = encoded && { meanings: rowsOf(encoded) }
  const chapters = makeChapters({ segments, shots: [], duration, ...meanings })
  return summarise({ segments, chapters, duration, ...meanings }).map(({ text }) => text)
}

interface Score {
  readonly coverage: number
  readonly redundancy: number
  readonly sentences: number
}

function scoreOf(sentences: readonly string[], subjects: readonly (readonly string[])[]): Score {
  const keys = new Set(sentences.flatMap(sentence => termsOf(sentence).map(({ key }) => key)))
  const named = subjects.filter(words => words.some(word => keys.has(keyOf(word))))
  return {
    coverage: named.length / subjects.length,
    redundancy: redundancy(sentences.map(contentKeys)),
    sentences: sentences.length,
  }
}

/** Share of the content words of the sentences that an earlier one has. */
function redundancy(sentences: readonly (readonly string[])[]): number {
  const known = new Set<string>()
  let [total, repeated] = [0, 0]
  for (const sentence of sentences) {
    const own = new Set(sentence)
    for (const key of own) {
      total += 1
      if (known.has(key)) repeated += 1
    }
    for (const key of own) known.add(key)
  }
  return total > 0 ? repeated / total : 0
}

function shown(scores: readonly Score[]): string {
  const mean = (part: keyof Score) => scores.reduce((sum, score) => sum + score[part], 0) / scores.length
  return `${mean('coverage').toFixed(2)} / ${mean('redundancy').toFixed(2)} / ${mean('sentences').toFixed(1)}`
}
