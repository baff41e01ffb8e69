import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import { errorMessage } from '@cuewire/server/lib/error-message.js'
import { makeSample } from '../sample/make-sample.js'
import type { Sample } from '../sample/sample.js'
import { createBoard } from './board.js'
import { askAndShow, searchAndShow } from './converse.js'
import { followJob } from './follow-job.js'
import { clock } from './format.js'
import { runCuewire, startServer } from './server-process.js'
import { showFindings } from './show-findings.js'
import { judge } from './verdict.js'

const EXIT_USAGE = 2
const USAGE = 'npm run demo [-- [--exit] [path/to/video]]'
/** Asked of a video nothing is known about. */
const GENERAL_QUESTIONS = ['What is this about?', 'What objects appear?', 'What happens at 0:05?']

const wanted = readArguments()
if (wanted) process.exitCode = await run(wanted)

interface Wanted {
  /** A video of the user's own, in place of the sample. */
  readonly file: string | undefined
  readonly exit: boolean
}

/** Undefined when there is nothing to do but end: the help was asked for, or the arguments are wrong. */
function readArguments(): Wanted | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { exit: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    })
    if (values.help) {
      console.log(`usage: ${USAGE}`)
      return undefined
    }
    if (positionals.length > 1) throw new Error('at most one video')
    const [given] = positionals
    const file = given === undefined ? undefined : resolve(given)
    // Before models and a server start for nothing.
    if (file !== undefined && !statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new Error(`${given} is no file`)
    return { file, exit: values.exit }
  } catch (error) {
    console.error(`demo: ${errorMessage(error)}\nusage: ${USAGE}`)
    process.exitCode = EXIT_USAGE
    return undefined
  }
}

async function run(wanted: Wanted): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-demo-'))
  try {
    return await demo(wanted, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function demo(wanted: Wanted, folder: string): Promise<number> {
  const sample = wanted.file === undefined ? await sampleVideo() : undefined
  const file = sample?.file ?? wanted.file ?? ''

  console.log('\nModel packs, kept in a cache folder for the next time:')
  await runCuewire(['models', 'pull', '--default'])

  const server = await startServer(join(folder, 'data'))
  console.log(`\nServer: ${server.url}`)
  const client = await connect(server.url)
  try {
    const ok = await tour(client, file, sample)
    if (!wanted.exit) await keepServing(server.url)
    return ok ? 0 : 1
  } finally {
    await client.close()
    await server.stop()
  }
}

async function sampleVideo(): Promise<Sample> {
  console.log('Making a sample video: photographs, slides, music, and a narration spoken in two voices ...')
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

  await showFindings(client, video.id)
  const hits = await searchAndShow(client, video.id, sample?.search.query ?? 'person')
  const { chat } = await client.chat.create({ videoIds: [video.id] })
  const answers = []
  for (const question of sample?.questions.map(({ question }) => question) ?? GENERAL_QUESTIONS) {
    answers.push(await askAndShow(client, chat.id, question))
  }
  if (!sample) return true

  const { segments } = await client.transcript.get({ videoId: video.id, limit: 200 })
  const { labels } = await client.objects.get({ videoId: video.id, limit: 200 })
  const { shots } = await client.shots.get({ videoId: video.id, limit: 200 })
  const { lines } = await client.text.get({ videoId: video.id, limit: 200 })
  const { spans } = await client.audio.get({ videoId: video.id, limit: 200 })
  const checks = judge(sample, { segments, labels, shots, lines, spans, chapters, hits, answers })
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
