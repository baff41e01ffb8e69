import { readFile } from 'node:fs/promises'
import type { Test } from 'tap'
import { clipMaker } from '../../support/clips.js'
import { startServer } from '../../support/server.js'
import { SECRET } from '../../support/tokens.js'
import { type Answer, ask, Client } from '../client.js'

/** A video of the server, some bytes, and the ports of servers with different settings. */
export interface Place {
  /** Without authentication: one job may wait, files up to 20 MB. */
  readonly port: number
  /** With authentication, and the default rate limits. */
  readonly guardedPort: number
  /** Ten seconds of picture, its index in front. */
  readonly clip: Uint8Array
  /** Subtitles alone, in a container. */
  readonly textOnly: Uint8Array
  /** A video whose job has ended. */
  readonly videoId: string
  readonly jobId: string
}

/** Brings an error about and returns the code that came. */
export type Produce = (t: Test, place: Place) => Promise<string | undefined>

/** Well-formed, and given to nothing. */
export const NO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'

/** So many tokens that no other test meets the rate limit. */
export const NO_RATE_LIMIT = { CUEWIRE_COMMANDS_PER_SECOND: '1000000000', CUEWIRE_COMMAND_BURST: '1000000000' }

export async function createPlace(t: Test): Promise<Place> {
  const { make, write, path } = await clipMaker(t)
  const server = (name: string, settings: Record<string, string>) =>
    startServer(t, { CUEWIRE_DATA_DIR: path(name), CUEWIRE_MODELS_DIR: path('models'), ...settings })
  const clip = await make('clip.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=10', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
  ])
  const cues = await write('cues.srt', '1\n00:00:01,000 --> 00:00:02,000\nHello.\n')
  const textOnly = await make('text.mkv', ['-i', cues, '-c:s', 'srt'])
  const { port } = await server('open', {
    ...NO_RATE_LIMIT,
    CUEWIRE_QUEUE_LIMIT: '1',
    CUEWIRE_UPLOAD_BYTES: '20000000',
  })
  const { port: guardedPort } = await server('guarded', {
    CUEWIRE_JWT_SECRET: SECRET,
    CUEWIRE_COMMANDS_PER_SECOND: '200',
    CUEWIRE_COMMAND_BURST: '400',
  })
  const bytes = { clip: await readFile(clip), textOnly: await readFile(textOnly) }
  const client = await Client.open(t, port)
  const videoId = await uploaded(client, port, bytes.clip)
  const jobId = await untilIdle(client, videoId)
  return { port, guardedPort, ...bytes, videoId, jobId }
}

/** Subtitles in which the question of the tests finds an answer. */
const SUBTITLES = { format: 'srt', text: '1\n00:00:01,000 --> 00:00:04,000\nThe boats leave before dawn.\n' }

/** Reserves an upload and returns the id the video will have. */
export async function reserve(client: Client, sizeBytes: number): Promise<string> {
  const params = { filename: 'clip.mp4', sizeBytes, subtitles: SUBTITLES }
  const { data } = await client.command('video.create', params)
  const upload = data?.['upload'] as { videoId: string }
  return upload.videoId
}

/** Sends bytes to an upload. */
export function patch(port: number, id: string, body: Uint8Array, more: Record<string, string> = {}): Promise<Answer> {
  return ask(port, 'PATCH', `/v1/uploads/${id}`, { ...TUS, 'upload-offset': '0', ...OCTETS, ...more }, body)
}

export const TUS = { 'tus-resumable': '1.0.0' }
export const OCTETS = { 'content-type': 'application/offset+octet-stream' }

/** Uploads a file and returns the id of the video. */
export async function uploaded(client: Client, port: number, bytes: Uint8Array): Promise<string> {
  const id = await reserve(client, bytes.byteLength)
  const answer = await patch(port, id, bytes)
  if (answer.status !== 204) throw new Error(`the upload was refused: ${answer.status} ${answer.text}`)
  return id
}

/** Waits for the end of the video's job, and returns its id. */
export async function untilIdle(client: Client, videoId: string): Promise<string> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const { data } = await client.command('video.get', { videoId })
    const video = data?.['video'] as { state: string; jobId: string }
    if (video.state !== 'queued' && video.state !== 'processing') return video.jobId
    if (Date.now() > deadline) throw new Error('the job took too long')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** The code of the error that was sent among the answers to many commands. */
export function failureOf(codes: readonly string[]): string | undefined {
  return codes.find(code => code !== 'reply')
}
