import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeEach } from '@cuewire/server/domain/processing/encode-each.js'
import { sentenceWindows } from '@cuewire/server/domain/processing/sentence-windows.js'
import { contentKeys } from '@cuewire/server/domain/text/terms.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import type { Store } from '@cuewire/server/storage/store.js'
import type { SpanVector } from '@cuewire/server/storage/vectors.js'
import { ulid } from 'ulid'
import { addTalk } from '../eval/add-talk.js'
import { PASSAGES } from '../eval/passages.js'
import { DEVELOPMENT, type QuestionSet, SECOND, UNSEEN } from '../eval/questions.js'
import { makeTalk, type Talk } from '../eval/talk.js'
import type { Measure, Row } from './measure.js'
import { pictureRows } from './picture-captions.js'
import { withSentenceEncoders } from './sentence-encoders.js'

const SETS: Readonly<Record<string, readonly QuestionSet[]>> = {
  development: DEVELOPMENT,
  'held out': [...SECOND, ...UNSEEN],
}
const DEPTHS = [1, 5] as const
const SOURCE = 'sentence-vectors'

/** Indexes of sentences of a talk, best first. */
type Finder = (question: string) => Promise<number[]>

/**
 * How often the sentence that answers a question is among the first found, in one talk on two dozen subjects, and the right
 * caption of a photograph.
 */
export const vectors: Measure = async ({ signal, progress }) => {
  const talk = makeTalk(Object.values(PASSAGES))
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-vectors-'))
  const server = await openSqliteStore({ file: join(folder, 'vectors.db') })
  const store = server.for('default')
  try {
    const { id } = await addTalk(store, talk, 'all subjects')
    const words = await recalls(talk, question => foundByWords(store, question))
    const rows: Row[] = []
    await withSentenceEncoders(async (pack, encoder) => {
      progress(pack)
      const jobId = ulid()
      await store.vectors.begin(id, SOURCE, jobId)
      const spans: SpanVector[] = []
      const take = async ({ position, start, end }: Omit<SpanVector, 'vector'>, vector: Float32Array) =>
        void spans.push({ position, start, end, vector })
      await encodeEach(encoder, sentenceWindows(talk.segments), { take, signal })
      await store.vectors.add(id, SOURCE, jobId, pack, spans)
      await store.vectors.complete(id, SOURCE, jobId)
      const found = await recalls(talk, async question => {
        const vector = await encoder.encode(question, signal)
        const hits = await store.vectors.nearest({ space: pack, vector, limit: Math.max(...DEPTHS) })
        return hits.map(({ position }) => position)
      })
      for (const [set, shares] of Object.entries(found))
        rows.push({ set, what: `R@1 / R@5, ${pack}`, found: shares, baselines: `words alone ${words[set]}` })
    })
    if (rows.length === 0) return { skipped: 'no sentence model is installed; run `cuewire models pull --default`' }
    return { rows: [...rows, ...(await pictureRows({ signal, progress }))] }
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

/** Shares of the questions with an answer for which the right sentence is among the first found, by set. */
async function recalls({ segments }: Talk, find: Finder): Promise<Record<string, string>> {
  const shares: Record<string, string> = {}
  for (const [set, sets] of Object.entries(SETS)) {
    const questions = sets.flatMap(({ questions }) => questions)
    const ranks: number[] = []
    for (const [question, gold] of questions) {
      if (gold === null) continue
      const found = await find(question)
      const rank = found.findIndex(index => segments[index]?.text.includes(gold))
      ranks.push(rank < 0 ? Number.POSITIVE_INFINITY : rank)
    }
    shares[set] = DEPTHS.map(depth => (ranks.filter(rank => rank < depth).length / ranks.length).toFixed(2)).join(' / ')
  }
  return shares
}

async function foundByWords({ search }: Store, question: string): Promise<number[]> {
  const hits = await search.search({
    terms: contentKeys(question),
    modalities: ['transcript'],
    limit: Math.max(...DEPTHS),
  })
  return hits.map(({ index }) => index)
}
