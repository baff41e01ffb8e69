import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import { makeSample } from '../sample/make-sample.js'
import type { Sample } from '../sample/sample.js'
import { createBoard } from './board.js'
import { askAndShow, searchAndShow } from './converse.js'
import { followJob } from './follow-job.js'
import { clock } from './format.js'
import { runCuewire, startServer } from './server-process.js'
import { judge } from './verdict.js'

const USAGE = 'npm run demo [-- [--exit] [path/to/video]]'
/** Asked of a video nothing is known about. */
const GENERAL_QUESTIONS = ['What is this about?', 'What objects appear?', 'What happens at 0:05?']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { exit: { type: 'boolean', default: false } },
})
if (positionals.length > 1) throw new Error(`at most one video; usage: ${USAGE}`)

const folder = await mkdtemp(join(tmpdir(), 'cuewire-demo-'))
try {
  process.exitCode = await demo(positionals[0])
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function demo(given: string | undefined): Promise<number> {
  const sample = given === undefined ? await sampleVideo() : undefined
  const file = sample?.file ?? resolve(given ?? '')

  console.log('\nModel packs, kept in a cache folder for the next time:')
  await runCuewire(['models', 'pull', '--default'])

  const server = await startServer(join(folder, 'data'))
  console.log(`\nServer: ${server.url}`)
  const client = await connect(server.url)
  try {
    const ok = await tour(client, file, sample)
    if (!values.exit) await keepServing(server.url)
    return ok ? 0 : 1
  } finally {
    await client.close()
    await server.stop()
  }
}

async function sampleVideo(): Promise<Sample> {
  console.log('Making a sample video: photographs, slides, and a narration spoken in two voices ...')
  const sample = await makeSample({ directory: join(tmpdir(), 'cuewire-sample') })
  console.log(`  ${sample.file}, ${sample.durationSeconds.toFixed(1)} s, no subtitles`)
  return sample
}

type Client = Awaited<ReturnType<typeof connect>>

/** The whole main job once; true when everything that can be judged is right. */
async function tour(client: Client, file: string, sample: Sample | undefined): Promise<boolean> {
  const video = await uploadFile(client, file, {
    onProgress: ({ sentBytes, totalBytes }) => console.log(`Uploaded ${sentBytes} of ${totalBytes} bytes`),
  })
  console.log(`Video ${video.id}: ${video.media.duration} s\n`)

  const board = createBoard()
  const job = await followJob(client, video, board)
  board.stop()
  console.log(`\nJob ${job.state}${job.speed === undefined ? '' : `, ${job.speed.toFixed(1)} x real time`}`)
  if (job.error) console.log(`  ${job.error.code}: ${job.error.message}`)
  if (job.state !== 'completed') return false

  const { chapters } = await client.chapters.get({ videoId: video.id })
  console.log('\nChapters:')
  for (const { start, title, keywords } of chapters)
    console.log(`  ${clock(start)}  ${title}  (${keywords.join(', ')})`)

  const hits = await searchAndShow(client, video.id, sample?.search.query ?? 'person')
  const { chat } = await client.chat.create({ videoIds: [video.id] })
  const answers = []
  for (const question of sample?.questions.map(({ question }) => question) ?? GENERAL_QUESTIONS) {
    answers.push(await askAndShow(client, chat.id, question))
  }
  if (!sample) return true

  const { segments } = await client.transcript.get({ videoId: video.id, limit: 200 })
  const { labels } = await client.objects.get({ videoId: video.id, limit: 200 })
  const checks = judge(sample, { segments, labels, chapters, hits, answers })
  console.log('\nCompared with what is known about the sample:')
  for (const { ok, text } of checks) console.log(`  ${ok ? 'ok    ' : 'WRONG '} ${text}`)
  return checks.every(check => check.ok)
}

/** Serves until Ctrl-C. */
async function keepServing(url: string): Promise<void> {
  console.log(`
The server goes on; end it with Ctrl-C. Talk to it by hand:
  npx wscat -s cuewire.v1 -c ${url}
  > {"type":"video.list"}
  > {"type":"search.query","data":{"query":"..."}}`)
  await new Promise<void>(end => {
    process.once('SIGINT', () => end())
    process.once('SIGTERM', () => end())
  })
}
