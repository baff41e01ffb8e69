import { type Client, RemoteError } from '@cuewire/client'
import { LIMITS } from '@cuewire/protocol'
import { rawFrame } from '../lib/raw-frame.js'
import { requestStatus } from '../lib/request-status.js'
import { Wire } from '../lib/wire.js'
import { embeddedClip } from './embedded-clip.js'
import { FRAME_CASES } from './frame-cases.js'
import { HEADER_CASES } from './header-cases.js'
import { QUESTION_CASES } from './question-cases.js'
import { type SubtitleCase, subtitleCases } from './subtitle-cases.js'

/** Something to send to a server. */
export interface GrammarCase {
  readonly grammar: string
  readonly what: string
  /** What comes of it: a result, or the code of a refusal. */
  run(): Promise<string>
}

interface Target {
  readonly client: Client
  readonly port: number
  readonly signal: AbortSignal
}

const TALK_CUES = 2000
const EMBEDDED_CUES = 100_000
const QUIET_MS = 2000
/** Subtitles that are stored: the most sentences, and the longest. */
const STORED = ['as many cues as fit', 'full stops, in long cues']
/** Room in a frame for what is not the text. */
const ENVELOPE_BYTES = 1000

/** The worst cases of every text grammar, for a server without videos. */
export async function grammarCases(target: Target): Promise<GrammarCase[]> {
  const { client, signal } = target
  const videoId = await processed(client, await embeddedClip(TALK_CUES, signal))
  const { chat } = await client.chat.create({ videoIds: [videoId] })
  const given = fitting()
  return [
    {
      grammar: 'nothing beside the pings',
      what: `${QUIET_MS} ms`,
      run: () => new Promise(resolve => setTimeout(resolve, QUIET_MS, 'quiet')),
    },
    ...given.map(({ name, format, text }) => ({
      grammar: 'subtitles, given',
      what: name,
      run: () => codeOf(client.video.create({ filename: 'a.mp4', sizeBytes: 1, subtitles: { format, text } })),
    })),
    ...QUESTION_CASES.flatMap(text => [
      { grammar: 'question', what: shown(text), run: () => answerOf(client, chat.id, text) },
      { grammar: 'query', what: shown(text), run: () => codeOf(client.search.query({ query: text })) },
    ]),
    ...Object.entries(FRAME_CASES).map(([what, text]) => ({
      grammar: 'frame',
      what,
      run: () => replyTo(target, text),
    })),
    ...HEADER_CASES.map(([request, header, value]) => ({
      grammar: 'header',
      what: `${header}: ${shown(value)}`,
      run: () => requestStatus(target.port, { request, header, value }),
    })),
    ...[...STORED, ...STORED].map((what, at) => ({
      grammar: 'subtitles, given and stored',
      what: `${what}${at < STORED.length ? '' : ', in place of others'}`,
      run: () =>
        stored(
          client,
          videoId,
          given.find(({ name }) => name === what),
        ),
    })),
    {
      grammar: 'subtitles, embedded and stored',
      what: `${EMBEDDED_CUES.toLocaleString('en')} cues`,
      run: async () => {
        const long = await processed(client, await embeddedClip(EMBEDDED_CUES, signal))
        const { segments } = await client.transcript.get({ videoId: long, limit: 1 })
        return segments[0]?.source ?? 'no transcript'
      },
    },
  ]
}

/** The cases of subtitles at the largest size whose JSON fits into a frame. */
function fitting(): SubtitleCase[] {
  const sizes = [LIMITS.subtitlesLength, LIMITS.subtitlesLength / 2, LIMITS.subtitlesLength / 6]
  const bySize = sizes.map(subtitleCases)
  return bySize[0]?.flatMap((_, at) => bySize.flatMap(cases => cases[at] ?? []).find(fits) ?? []) ?? []
}

const fits = ({ text }: SubtitleCase) => Buffer.byteLength(JSON.stringify(text)) < LIMITS.frameBytes - ENVELOPE_BYTES

async function processed(client: Client, bytes: Buffer): Promise<string> {
  const { id, jobId = '' } = await client.upload(bytes, { filename: 'clip.mkv' })
  const end = await jobEnd(client, jobId)
  if (end !== 'processing.completed') throw new Error(`the job of the clip ended with ${end}`)
  return id
}

async function stored(client: Client, videoId: string, subtitles: SubtitleCase | undefined): Promise<string> {
  if (!subtitles) throw new Error('no such case')
  const { format, text } = subtitles
  const { job } = await client.transcript.put({ videoId, subtitles: { format, text } })
  return jobEnd(client, job.id)
}

async function jobEnd(client: Client, jobId: string): Promise<string> {
  for await (const { type } of client.subscribe(`job/${jobId}`, { since: 0 }))
    if (/^processing\.(completed|failed|cancelled)$/.test(type)) return type
  throw new Error('the events ended before the job did')
}

function answerOf(client: Client, chatId: string, question: string): Promise<string> {
  const ask = async () => {
    for await (const { type } of client.ask(chatId, question)) if (type === 'chat.done') return
    throw new Error('the answer did not end')
  }
  return codeOf(ask())
}

async function codeOf(command: Promise<unknown>): Promise<string> {
  try {
    await command
    return 'done'
  } catch (error) {
    if (error instanceof RemoteError) return error.code
    throw error
  }
}

/** What a frame is answered with. */
async function replyTo({ port }: Target, text: string): Promise<string> {
  let reply: (code: string) => void = () => undefined
  const replied = new Promise<string>(resolve => {
    reply = resolve
  })
  const wire = new Wire({
    port,
    onText: answer => {
      if (answer.startsWith('{"type":"event"') || answer.startsWith('{"type":"hello"')) return
      reply(/"code":"([a-z_.]+)"/.exec(answer)?.[1] ?? 'reply')
    },
  })
  await wire.opened()
  wire.write(rawFrame(Buffer.from(text)))
  const code = await replied
  wire.reset()
  return code
}

const shown = (text: string) => JSON.stringify(text.slice(0, 24))
