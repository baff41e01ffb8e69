import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { QUESTION_CASES } from '@cuewire/bench/grammars/question-cases.js'
import { ordinaryCues, subtitleCases } from '@cuewire/bench/grammars/subtitle-cases.js'
import { type Client, connect, RemoteError } from '@cuewire/client'
import { LIMITS } from '@cuewire/protocol'
import { warmLanguage } from '@cuewire/server/domain/text/language.js'
import t from 'tap'
import { clipMaker } from '../support/clips.js'
import { startServer } from '../support/server.js'

/** Whether this thread has loaded the language model, whose work would hold its event loop. */
const hasLanguage = () => Object.keys(createRequire(import.meta.url).cache).some(file => file.includes('wink-nlp'))

/** The code of the refusal; undefined where the command succeeds. */
async function codeOf(command: Promise<unknown>): Promise<string | undefined> {
  try {
    await command
    return undefined
  } catch (error) {
    if (error instanceof RemoteError) return error.code
    throw error
  }
}

async function jobState(client: Client, jobId: string): Promise<string> {
  for await (const { type } of client.subscribe(`job/${jobId}`, { since: 0 }))
    if (/^processing\.(completed|failed|cancelled)$/.test(type)) return type
  return 'nothing'
}

/** Throws when the answer fails. */
async function answered(client: Client, chatId: string, question: string): Promise<void> {
  for await (const { type } of client.ask(chatId, question)) if (type === 'chat.done') return
  throw new Error('no answer')
}

t.test('subtitles, chapters, questions and queries of every kind are worked on away from the event loop', async t => {
  const { make, path } = await clipMaker(t)
  const clip = await make('clip.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=10:duration=60', '-pix_fmt', 'yuv420p'],
  ])
  const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: path('models'), CUEWIRE_DATA_DIR: path('data') })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  const { id: videoId, jobId = '' } = await client.upload(await readFile(clip), { filename: 'clip.mp4' })
  t.equal(await jobState(client, jobId), 'processing.completed')

  await t.test('subtitles of a command at full size, good and bad', async t => {
    for (const { name, format, text, refused } of subtitleCases(80_000)) {
      const code = await codeOf(client.video.create({ filename: 'a.mp4', sizeBytes: 1, subtitles: { format, text } }))
      // What is no text at all is refused for that.
      t.ok(
        refused ? code === 'subtitles.invalid' || code === 'command.invalid' : code !== 'server.internal',
        `${name}: ${code}`,
      )
    }
    const { job } = await client.transcript.put({ videoId, subtitles: { format: 'vtt', text: ordinaryCues(20) } })
    t.equal(await jobState(client, job.id), 'processing.completed')
    const { chapters } = await client.chapters.get({ videoId })
    t.ok(chapters.length > 0)
  })

  await t.test('questions and queries', async t => {
    const { chat } = await client.chat.create({ videoIds: [videoId] })
    await answered(client, chat.id, 'When do the boats leave the harbour?')
    for (const text of QUESTION_CASES) {
      t.ok(text.length <= LIMITS.queryLength)
      const code = await codeOf(answered(client, chat.id, text))
      t.ok(code === undefined || code === 'command.invalid', JSON.stringify(text.slice(0, 20)))
      t.equal(await codeOf(client.search.query({ query: text })), code)
    }
    const { hits } = await client.search.query({ query: 'harbour' })
    t.match(hits[0], { text: /leave the harbour/ })
  })

  t.notOk(hasLanguage(), 'the language model is not loaded in the thread of the event loop')
  warmLanguage()
  t.ok(hasLanguage(), 'where it would be seen')
})
