import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeWav } from '@cuewire/server/lib/wav.js'
import { PHOTOGRAPHS, type Photograph, photographFile } from '../sample/photographs.js'
import { runFfmpeg } from '../sample/run-ffmpeg.js'
import { TOPICS } from '../sample/script.js'
import { VOICES } from '../sample/speak.js'
import { makeSpeechClip } from '../sample/speech-clip.js'

/** Length of the clip: 11.5 minutes, in seconds. */
export const CLIP_SECONDS = 690
const FRAMES_PER_SECOND = 25
/** A round of the photographs, repeated to the end; each is panned over, so that no sampled frame is like the one before. */
const ROUND_SECONDS = 69
const SIZE = { width: 1280, height: 720 }

export interface LongClip {
  readonly file: string
  /** What is said, in order, as far as the clip goes. */
  readonly transcript: string
}

/** 11.5 minutes of 720p with speech throughout: photographs panned over, and the sentences of the sample in two voices. */
export async function makeLongClip(directory: string, signal: AbortSignal): Promise<LongClip> {
  await mkdir(directory, { recursive: true })
  const name = join(directory, `long-${await ownHash()}`)
  const clip = { file: `${name}.mp4`, words: `${name}.txt` }
  if (!existsSync(clip.file)) await make(clip, directory, signal)
  return { file: clip.file, transcript: await readFile(clip.words, 'utf8') }
}

async function make(clip: { file: string; words: string }, directory: string, signal: AbortSignal): Promise<void> {
  const work = await mkdtemp(join(directory, '.long-'))
  try {
    const { wav, text } = await speech(signal)
    await writeFile(join(work, 'speech.wav'), wav)
    const options = { cwd: work, signal }
    await runFfmpeg([...pictures(), '-t', String(ROUND_SECONDS), 'round.mp4'], options)
    const sources = ['-stream_loop', '-1', '-i', 'round.mp4', '-i', 'speech.wav']
    const streams = ['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'aac', '-b:a', '96k']
    await runFfmpeg(
      [...sources, ...streams, '-t', String(CLIP_SECONDS), '-movflags', '+faststart', 'clip.mp4'],
      options,
    )
    await writeFile(clip.words, text)
    await rename(join(work, 'clip.mp4'), clip.file)
  } finally {
    await rm(work, { recursive: true })
  }
}

/** The sentences again and again, each time in another voice, until the clip is full. */
async function speech(signal: AbortSignal): Promise<{ readonly wav: Buffer; readonly text: string }> {
  const sentences = TOPICS.flatMap(topic => topic.sentences)
  const lines = VOICES.flatMap(voice => sentences.map(text => ({ text, voice })))
  const round = await makeSpeechClip(lines, { signal })
  const samples = new Float32Array(CLIP_SECONDS * round.sampleRate)
  const spoken: string[] = []
  for (let start = 0; start < samples.length; start += round.samples.length) {
    samples.set(round.samples.subarray(0, samples.length - start), start)
    for (const { text, end } of round.sentences) if (start / round.sampleRate + end < CLIP_SECONDS) spoken.push(text)
  }
  return { wav: encodeWav({ samples, sampleRate: round.sampleRate }), text: spoken.join(' ') }
}

function pictures(): string[] {
  const photographs: Photograph[] = Object.values(PHOTOGRAPHS)
  const seconds = ROUND_SECONDS / photographs.length
  const inputs = photographs.flatMap(photograph => [
    ...['-loop', '1', '-framerate', String(FRAMES_PER_SECOND), '-t', String(seconds)],
    ...['-f', 'image2', '-pattern_type', 'none', '-i', photographFile(photograph)],
  ])
  const { width, height } = SIZE
  const chains = photographs.map(({ crop }, i) => {
    const part = `crop=${crop.width}:${crop.height}:${crop.x}:${crop.y},scale=${width * 1.25}:${height * 1.25}`
    const pan = `crop=${width}:${height}:(in_w-out_w)*(0.5+0.5*sin(t)):(in_h-out_h)*(0.5+0.5*cos(t*0.7))`
    return `[${i}:v]${part},${pan},setsar=1,format=yuv420p[p${i}]`
  })
  const graph = `${chains.join(';')};${photographs.map((_, i) => `[p${i}]`).join('')}concat=n=${photographs.length}[v]`
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-g', '50', '-r', String(FRAMES_PER_SECOND)]
  return [...inputs, '-filter_complex', graph, '-map', '[v]', ...codec]
}

async function ownHash(): Promise<string> {
  const source = await readFile(new URL(import.meta.url))
  const words = JSON.stringify([TOPICS, PHOTOGRAPHS])
  return createHash('sha256').update(source).update(words).digest('hex').slice(0, 16)
}
