import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type AudioSpan, SOUND_TYPES, type SoundType } from '@cuewire/protocol'
import { SignalTypes } from '@cuewire/server/domain/processing/sound/signal-types.js'
import { SoundTypes } from '@cuewire/server/domain/processing/sound/sound-types.js'
import { runFfmpeg } from '../sample/run-ffmpeg.js'
import { RATE } from '../sample/synthesiser.js'
import { decodeWav } from '../sample/wav.js'
import type { Measure, Row } from './measure.js'
import { type LabelledSound, labelledSounds, SOUND_SETS } from './sound/labelled-sounds.js'

/** Recordings that hold one type of sound, apart from pauses. */
const RECORDINGS = { 'jfk.wav': 'speech', 'two_cities_16k.wav': 'speech', 'mdn_viper.mp3': 'music' } as const

/** Counts of seconds by true and found type. */
type Confusion = Record<SoundType, Record<SoundType, number>>

/** Seconds of speech, music, noise and silence that are taken for what they are, by the signal alone. */
export const audio: Measure = async ({ signal, progress }) => {
  const rows: Row[] = []
  for (const [set, recipe] of Object.entries(SOUND_SETS)) {
    progress(set)
    rows.push(...(await rowsOf(set, await labelledSounds(recipe, signal), signal)))
  }
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-quality-'))
  try {
    for (const [name, type] of Object.entries(RECORDINGS)) {
      const file = resolve('../shared/media', name)
      if (!existsSync(file)) continue
      progress(name)
      const wav = join(folder, 'recording.wav')
      await runFfmpeg(['-y', '-i', file, '-ac', '1', '-ar', String(RATE), wav], { cwd: folder, signal })
      const { samples } = decodeWav(await readFile(wav))
      rows.push(...(await rowsOf(name, [{ name, type, samples }], signal)))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return { rows }
}

async function rowsOf(set: string, sounds: readonly LabelledSound[], signal: AbortSignal): Promise<Row[]> {
  const confusion = Object.fromEntries(SOUND_TYPES.map(type => [type, emptyCounts()])) as Confusion
  for (const { type, samples } of sounds) {
    for (const found of await secondsOf(samples, signal)) confusion[type][found] += 1
  }
  return SOUND_TYPES.flatMap(type => {
    const counts = confusion[type]
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
    if (all === 0) return []
    const wrong = SOUND_TYPES.filter(found => found !== type && counts[found] > 0)
    const others = wrong.map(found => `, ${counts[found]} as ${found}`).join('')
    return { set, what: `seconds of ${type}`, found: `${counts[type]} of ${all}${others}`, target: '>= 0.9' }
  })
}

const emptyCounts = () => Object.fromEntries(SOUND_TYPES.map(type => [type, 0])) as Record<SoundType, number>

/** The type found for most of each whole second. */
async function secondsOf(samples: Float32Array, signal: AbortSignal): Promise<SoundType[]> {
  const types = new SoundTypes(new SignalTypes())
  const end = samples.length / RATE
  const spans: readonly AudioSpan[] = [...(await types.push(samples, signal)), ...(await types.finish(end, signal))]
  return Array.from({ length: Math.floor(end) }, (_, second) => {
    const shared = ({ start, end }: AudioSpan) => Math.min(end, second + 1) - Math.max(start, second)
    const best = spans.reduce((best, span) => (shared(span) > shared(best) ? span : best))
    return best.type
  })
}
