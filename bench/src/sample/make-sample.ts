import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Sound } from '@cuewire/server/lib/wav.js'
import { seededRandom } from '../lib/seeded-random.js'
import { describeSample } from './describe-sample.js'
import { music } from './music.js'
import { render } from './render.js'
import type { Sample } from './sample.js'
import { descriptionFile, readSample, sampleHash } from './sample-cache.js'
import { TOPICS } from './script.js'
import { slideOf } from './slides.js'
import { makeSpeechClip } from './speech-clip.js'
import { clipLines, MUSIC_SECONDS, planTimeline } from './timeline.js'

/** Chooses the tune. */
const MUSIC_SEED = 3
const FADE_SECONDS = 0.5

export interface MakeSampleOptions {
  /** Where the video is kept; made when absent. */
  readonly directory: string
  readonly signal?: AbortSignal
  readonly progress?: (progress: SampleProgress) => void
}

/** `done` of `total` sentences spoken, then `done` of `total` frames drawn. */
export interface SampleProgress {
  readonly step: 'speech' | 'video'
  readonly done: number
  readonly total: number
}

/** The demo's sample video with all that is known about it; made once for a directory, then found there. */
export async function makeSample({ directory, signal, progress }: MakeSampleOptions): Promise<Sample> {
  signal?.throwIfAborted()
  await mkdir(directory, { recursive: true })
  const file = join(directory, `sample-${await sampleHash()}.mp4`)
  const made = await readSample(file)
  if (made !== undefined) return made

  const lines = clipLines(TOPICS)
  const clip = await makeSpeechClip(lines, {
    signal,
    progress: done => progress?.({ step: 'speech', done, total: lines.length }),
  })
  const timeline = planTimeline(TOPICS, clip)
  const slides = timeline.flatMap(({ topic, shots }, topicIndex) =>
    shots.map(({ shot, startFrame, endFrame }) => ({
      slide: slideOf(shot, topic, topicIndex),
      frames: endFrame - startFrame,
      dissolve: shot.dissolve ?? false,
    })),
  )
  const total = slides.reduce((sum, { frames }) => sum + frames, 0)
  const sample = describeSample(file, timeline)

  // In the same folder, so that the last step is a rename and no half-made file is ever seen under the final name.
  const workFolder = await mkdtemp(join(directory, `.${basename(file)}-`))
  try {
    const onFrame = (done: number) => progress?.({ step: 'video', done, total })
    const video = await render({ slides, sound: withMusic(clip), workFolder, signal, onFrame })
    const description = join(workFolder, 'sample.json')
    await writeFile(description, JSON.stringify(sample, null, 2))
    await rename(video, file)
    await rename(description, descriptionFile(file))
  } finally {
    await rm(workFolder, { recursive: true })
  }
  return sample
}

/** The sound with music before the first words, which fades in and out. */
function withMusic({ samples, sampleRate }: Sound): Sound {
  const tune = music(MUSIC_SECONDS, seededRandom(MUSIC_SEED))
  const fade = FADE_SECONDS * sampleRate
  const mixed = Float32Array.from(samples, (sample, at) => {
    const volume = Math.max(0, Math.min(1, at / fade, (tune.length - at) / fade))
    return sample + volume * (tune[at] ?? 0)
  })
  return { samples: mixed, sampleRate }
}
