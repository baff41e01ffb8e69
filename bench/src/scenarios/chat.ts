import { setMaxListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@cuewire/client'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { atMost } from '../lib/goal.js'
import { pause } from '../lib/pause.js'
import { withServer } from '../lib/server-process.js'
import { percentiles } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { withClient } from '../lib/with-client.js'
import { PEERS } from '../peers/peers.js'
import { QUESTIONS } from '../stall/activities.js'
import { addTalk } from '../stall/seed.js'
import type { Scenario } from './scenario.js'

const SETTINGS = { sessions: 50, everyMs: 1000, warmup: 3, questions: 20, firstMs: 50, doneMs: 150 } as const

/** From a question to the first event of its answer, and to the last. */
interface Waits {
  readonly firstMs: number
  readonly doneMs: number
}

/** Sessions that each ask about a talk of an hour, one question a second. */
export const chat: Scenario = async ({ signal, progress }) => {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-chat-'))
  try {
    // Every session waits with it.
    const stop = AbortSignal.any([signal])
    setMaxListeners(SETTINGS.sessions, stop)
    progress(`storing ${SETTINGS.sessions} talks of an hour`)
    const videoIds = await storeTalks(folder)
    const { command } = PEERS.cuewire
    const waits = await withServer({ command, environment: { CUEWIRE_DATA_DIR: folder }, signal }, ({ port }) => {
      progress(`${SETTINGS.sessions} sessions ask ${SETTINGS.questions} questions each`)
      return Promise.all(
        videoIds.map((videoId, session) => withClient(port, client => askAll(client, { videoId, session }, stop))),
      )
    })
    const first = percentiles(waits.flat().map(({ firstMs }) => firstMs))
    const done = percentiles(waits.flat().map(({ doneMs }) => doneMs))
    const row = (what: string, { samples, p50, p99, max }: typeof first, target: number) => [
      what,
      String(samples),
      ...[p50, p99, max].map(value => value.toFixed(1)),
      `p99 < ${target}`,
    ]
    const text = table([
      [`ms from a question, ${SETTINGS.sessions} sessions`, 'questions', 'p50', 'p99', 'max', 'target'],
      row('first event of its answer', first, SETTINGS.firstMs),
      row('chat.done', done, SETTINGS.doneMs),
    ])
    const goals = [
      atMost('chat, first event, p99', SETTINGS.firstMs, { value: first.p99, unit: ' ms', digits: 1 }),
      atMost('chat, done, p99', SETTINGS.doneMs, { value: done.p99, unit: ' ms', digits: 1 }),
    ]
    return { data: { settings: SETTINGS, first, done }, text, goals }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function storeTalks(folder: string): Promise<string[]> {
  const server = await openSqliteStore({ file: join(folder, 'cuewire.db') })
  try {
    const store = server.for('default')
    const videoIds: string[] = []
    for (let hour = 0; hour < SETTINGS.sessions; hour++) videoIds.push(await addTalk(store, hour))
    return videoIds
  } finally {
    await server.close()
  }
}

async function askAll(
  client: Client,
  { videoId, session }: { readonly videoId: string; readonly session: number },
  signal: AbortSignal,
): Promise<Waits[]> {
  const { sessions, everyMs, warmup, questions } = SETTINGS
  const { chat: own } = await client.chat.create({ videoIds: [videoId] })
  await pause((session / sessions) * everyMs, signal)
  const waits: Waits[] = []
  for (let index = -warmup; index < questions; index++) {
    const due = performance.now() + everyMs
    const asked = await ask(client, own.id, QUESTIONS[(index + warmup) % QUESTIONS.length] ?? '')
    if (index >= 0) waits.push(asked)
    await pause(Math.max(0, due - performance.now()), signal)
  }
  return waits
}

async function ask(client: Client, chatId: string, question: string): Promise<Waits> {
  const began = performance.now()
  let firstMs: number | undefined
  for await (const { type } of client.ask(chatId, question)) {
    firstMs ??= performance.now() - began
    if (type === 'chat.done') return { firstMs, doneMs: performance.now() - began }
  }
  throw new Error('the answer did not end')
}
