import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OrderedWork } from '@cuewire/server/domain/processing/ordered-work.js'
import { TINY } from '@cuewire/server/domain/processing/shots/tiny-frame.js'
import { yuv420ToRgb } from '@cuewire/server/lib/yuv420.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { VideoFrame } from '@cuewire/server/media/media-tools.js'
import { createModels } from '@cuewire/server/models/create-models.js'
import type { Models } from '@cuewire/server/models/models.js'
import { modelsFolder } from '../lib/models-folder.js'
import { treeCpuSeconds } from './process-tree.js'

const SAMPLE_RATE = 16_000
/** Frames the detector, and the search for text, are measured on. */
const DETECTED_FRAMES = 100
const SEARCHED_FRAMES = 20

/** CPU seconds of each part when it runs alone, on one thread of inference. */
export interface PartsAlone {
  /** The decode pass of a job, its frames read and dropped: for every stage, or for some. */
  readonly decode: { readonly all: number; readonly pictures: number; readonly analyses: number }
  readonly detectorPerFrame: number
  /** A quick look at a frame for text, and a thorough search for it. */
  readonly textPerFrame: { readonly glance: number; readonly search: number }
  /** Voice activity and recognition of all the sound. */
  readonly speech: number
}

/** Measures the parts of a job on a clip one after another. */
export async function measureAlone(file: string, signal: AbortSignal): Promise<PartsAlone> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-parts-'))
  const models = createModels({ dir: modelsFolder(), threads: 1 })
  try {
    const audioFile = join(folder, 'audio.s16le')
    const kept: KeptFrames = { objects: [], text: [] }
    const source = await openSource(file, models, kept)
    const decode = {
      all: await cpuSecondsOf(() => source.decode(['shots', 'objects', 'text'], signal, audioFile)),
      pictures: await cpuSecondsOf(() => source.decode(['shots', 'objects', 'text'], signal)),
      analyses: await cpuSecondsOf(() => source.decode(['shots', 'objects'], signal, audioFile)),
    }
    const [detector, reader] = [await models.objects(), await models.text()]
    const look = (glance: boolean) =>
      secondsPerFrame(kept.text, frame => reader.find(yuv420ToRgb(frame), { glance }, signal))
    return {
      decode,
      detectorPerFrame: await secondsPerFrame(kept.objects, frame => detector.detect(frame, signal)),
      textPerFrame: { glance: await look(true), search: await look(false) },
      speech: await speechSeconds(models, await readSound(audioFile), signal),
    }
  } finally {
    await models.close()
    await rm(folder, { recursive: true })
  }
}

interface KeptFrames {
  readonly objects: VideoFrame[]
  readonly text: VideoFrame[]
}

/** A clip, decoded as the stages named ask for it. */
async function openSource(file: string, models: Models, kept: KeptFrames) {
  const media = createMediaTools({ searchPath: process.env['PATH'] })
  const info = await media.probe(file)
  const [detector, reader] = [await models.objects(), await models.text()]
  const keep = (frames: VideoFrame[], most: number) => (frame: VideoFrame) => {
    if (frames.length < most) frames.push(frame)
  }
  const sinks = {
    shots: { ...TINY, rate: 'every' as const, frame: () => undefined },
    objects: {
      ...detector.frameSize(info.video ?? detector.input),
      rate: 1,
      frame: keep(kept.objects, DETECTED_FRAMES),
    },
    text: {
      ...reader.frameSize(info.video ?? reader.input),
      format: 'yuv420p' as const,
      rate: 1,
      frame: keep(kept.text, SEARCHED_FRAMES),
    },
  }
  return {
    decode: (stages: readonly (keyof typeof sinks)[], signal: AbortSignal, audioFile?: string) =>
      media.decode(
        file,
        info,
        { sinks: stages.map(stage => sinks[stage]), ...(audioFile !== undefined && { audioFile }) },
        signal,
      ),
  }
}

async function secondsPerFrame(
  frames: readonly VideoFrame[],
  run: (frame: VideoFrame) => Promise<unknown>,
): Promise<number> {
  const [first] = frames
  if (!first) throw new Error('the clip has no frame')
  // Loads the model, which a job does once.
  await run(first)
  const seconds = await cpuSecondsOf(async () => {
    for (const frame of frames) await run(frame)
  })
  return seconds / frames.length
}

async function speechSeconds(models: Models, samples: Float32Array, signal: AbortSignal): Promise<number> {
  const [speech, activity] = await Promise.all([models.speech(), models.voiceActivity()])
  await speech.transcribe(new Float32Array(SAMPLE_RATE), signal)
  return await cpuSecondsOf(async () => {
    const voice = activity.open({ maxSpan: speech.maxSpan })
    const spans = [...(await voice.push(samples, signal)), ...(await voice.finish(signal))]
    const work = new OrderedWork<Float32Array, unknown>({
      limit: speech.parallel,
      start: span => speech.transcribe(span, signal),
      take: async () => undefined,
    })
    for (const { start, end } of spans) {
      await work.push(samples.subarray(Math.round(start * SAMPLE_RATE), Math.round(end * SAMPLE_RATE)))
    }
    await work.end()
  })
}

async function readSound(file: string): Promise<Float32Array> {
  const bytes = await readFile(file)
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(i * 2) / 32_768)
}

/** CPU seconds used by `run`: by this process, and by children that ended meanwhile. */
async function cpuSecondsOf(run: () => Promise<unknown>): Promise<number> {
  const before = treeCpuSeconds(process.pid)
  await run()
  return treeCpuSeconds(process.pid) - before
}
