import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatMessage, Id } from '@cuewire/protocol'
import { createChats } from '@cuewire/server/domain/chat/chat.js'
import { extractiveEngine } from '@cuewire/server/domain/chat/engines/extractive.js'
import { createTextThreads } from '@cuewire/server/domain/text-work/text-threads.js'
import type { TextWork } from '@cuewire/server/domain/text-work/text-work.js'
import { systemClock } from '@cuewire/server/lib/clock.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import type { Store } from '@cuewire/server/storage/store.js'
import { monotonicFactory } from 'ulid'
import { addTalk } from './add-talk.js'
import { PASSAGES } from './passages.js'
import type { QuestionSet } from './questions.js'
import { makeTalk, type Talk } from './talk.js'

const ulids = monotonicFactory()

/** A citation this near to the answering sentence, in seconds, hits it. */
const TOLERANCE = 5

export interface ChatResult {
  readonly question: string
  readonly answerable: boolean
  readonly abstained: boolean
  readonly hit: boolean
  readonly text: string
}

/** Asks every question of the sets of a chat about its talk alone, over a real store. */
export async function evaluateChat(sets: readonly QuestionSet[]): Promise<ChatResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-eval-'))
  const server = await openSqliteStore({ file: join(folder, 'eval.db') })
  const text = createTextThreads()
  try {
    const results: ChatResult[] = []
    for (const set of sets)
      results.push(...(await evaluateSet({ store: server.for('default'), text: text.commands }, set)))
    return results
  } finally {
    await text.close()
    await server.close()
    await rm(folder, { recursive: true })
  }
}

/** Hit rate over the answerable questions; precision and recall of declining over all. */
export function scores(results: readonly ChatResult[]) {
  const answerable = results.filter(result => result.answerable)
  const declined = results.filter(result => result.abstained)
  const rightly = declined.filter(result => !result.answerable)
  return {
    questions: results.length,
    hitRate: ratio(answerable.filter(result => result.hit).length, answerable.length),
    abstentionPrecision: ratio(rightly.length, declined.length),
    abstentionRecall: ratio(rightly.length, results.length - answerable.length),
  }
}

const ASKER = { subject: 'evaluation', isAdmin: false }

const ratio = (part: number, whole: number) => (whole === 0 ? 1 : part / whole)

interface Ports {
  readonly store: Store
  readonly text: TextWork
}

async function evaluateSet({ store, text }: Ports, { talk: names, questions }: QuestionSet): Promise<ChatResult[]> {
  const talk = makeTalk(names.map(name => PASSAGES[name]))
  const video = await addTalk(store, talk, names.join(', '))
  const chats = createChats({
    store,
    text,
    engine: extractiveEngine,
    clock: systemClock,
    newId: () => ulids(),
    logger: { warn: console.warn, error: console.error },
  })
  const results: ChatResult[] = []
  for (const [question, gold] of questions) {
    const { chat } = await chats.create({ videoIds: [video.id] }, ASKER)
    await chats.ask({ chatId: chat.id, question }, ASKER)
    results.push(judge(talk, { question, gold, message: await answerIn(store, chat.id) }))
  }
  return results
}

async function answerIn(store: Store, chatId: Id): Promise<ChatMessage> {
  for (;;) {
    const [message] = await store.chats.latestMessages(chatId, 1)
    if (message && message.state !== 'answering') return message
    await sleep(1)
  }
}

function judge(
  talk: Talk,
  { question, gold, message }: { question: string; gold: string | null; message: ChatMessage },
): ChatResult {
  const right = gold === null ? undefined : talk.segments.find(segment => segment.text.includes(gold))
  if (gold !== null && !right) throw new Error(`no sentence holds "${gold}"`)
  const hit =
    right !== undefined &&
    message.citations.some(({ start, end }) => start < right.end + TOLERANCE && end > right.start - TOLERANCE)
  return { question, answerable: gold !== null, abstained: message.abstained === true, hit, text: message.text }
}
