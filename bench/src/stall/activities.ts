import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@cuewire/client'
import { type GrammarCase, grammarCases } from '../grammars/cases.js'
import { pause } from '../lib/pause.js'
import { followRun } from '../pipeline/follow-run.js'
import { makeSample } from '../sample/make-sample.js'
import { LIBRARY, LONG_HOURS, type Seeded } from './seed.js'

/** Something a server does while it is pinged. */
export interface Activity {
  readonly name: string
  run(): Promise<unknown>
  /** It is not done again to fill the time. */
  readonly once?: true
}

interface Target extends Seeded {
  readonly client: Client
  readonly port: number
  readonly signal: AbortSignal
}

const QUIET_MS = 10_000
const QUERIES = [
  'lighthouse',
  'captain maria silva',
  'when do the fishing boats leave the harbour',
  'the baker weighs flour water salt and yeast',
]
/** Their words occur in the generated sentences. */
export const QUESTIONS = [
  'When do the boats leave?',
  'Why is the dough kneaded for ten minutes?',
  'Which town was buried by the volcano?',
  'What is this about?',
]

/** The worst cases that the scenario `grammars` has found of each grammar. */
const WORST: Readonly<Record<string, readonly string[]>> = {
  'subtitles, given': ['250,000 line breaks', 'music signs, in many cues', 'addresses without spaces, in long cues'],
  question: ['"a.a.', '"a\'a', '"leave run', '"the of and'],
  query: ['"a.a.', '"a\'a', '"leave run', '"the of and'],
  frame: ['a long title', 'an array of objects', '4,000 long keys'],
  header: ['upload-metadata: "a a', 'range: "bytes=bytes'],
  'subtitles, given and stored': ['as many cues as fit', 'full stops, in long cues'],
  'subtitles, embedded and stored': ['100,000 cues'],
}

/** What the event loop of a gateway may suffer from, in the order it is done. */
export async function activities(target: Target): Promise<Activity[]> {
  const { client, signal, readId, deletedId } = target
  const sample = await makeSample({ directory: join(tmpdir(), 'cuewire-sample'), signal })
  const { chat } = await client.chat.create({})
  const hours = LIBRARY.hours.toLocaleString('en')
  return [
    { name: 'nothing', once: true, run: () => pause(QUIET_MS, signal) },
    { name: 'a job, with its upload', once: true, run: () => followRun(client, sample.file) },
    { name: `timeline.get, ${LONG_HOURS.read} h`, run: () => readTimeline(client, readId) },
    ...QUERIES.map(query => ({ name: `search.query, ${hours} h: ${query}`, run: () => search(client, query) })),
    ...QUESTIONS.map(question => ({
      name: `chat.ask, ${hours} h: ${question}`,
      run: () => ask(client, chat.id, question),
    })),
    {
      name: `video.delete, ${LONG_HOURS.deleted} h`,
      once: true,
      run: () => client.video.delete({ videoId: deletedId }),
    },
    ...worstTexts(await grammarCases(target)),
  ]
}

function worstTexts(cases: readonly GrammarCase[]): Activity[] {
  return Object.entries(WORST).map(([grammar, beginnings]) => {
    const picked = cases.filter(one => one.grammar === grammar && beginnings.some(text => one.what.startsWith(text)))
    if (picked.length < beginnings.length) throw new Error(`some of the worst cases of ${grammar} are gone`)
    return {
      name: `worst texts: ${grammar}`,
      run: async () => {
        for (const { run } of picked) await run()
      },
    }
  })
}

async function readTimeline(client: Client, videoId: string): Promise<void> {
  const { lanes } = await client.timeline.get({ videoId })
  if (lanes.every(({ items }) => items.length === 0)) throw new Error('the timeline is empty')
}

async function search(client: Client, query: string): Promise<void> {
  const { hits } = await client.search.query({ query })
  if (hits.length === 0) throw new Error(`nothing was found for ${query}`)
}

async function ask(client: Client, chatId: string, question: string): Promise<void> {
  for await (const { type } of client.ask(chatId, question)) if (type === 'chat.done') return
  throw new Error('the answer did not end')
}
