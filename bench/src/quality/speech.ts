import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import { encodeWav, type Sound } from '@cuewire/server/lib/wav.js'
import { seededRandom } from '../lib/seeded-random.js'
import { withServer } from '../lib/server-process.js'
import { PEERS } from '../peers/peers.js'
import { TOPICS } from '../sample/script.js'
import { makeSpeechClip } from '../sample/speech-clip.js'
import { wordErrorRate } from '../sample/word-error-rate.js'
import type { Measure, Row } from './measure.js'
import { transcribeFile } from './transcribe-file.js'

const SAMPLE_RATE = 16_000
const SILENT_SECONDS = 60
const decibels = (level: number) => 10 ** (level / 20)

interface Recording {
  readonly change: (samples: Float32Array, random: () => number) => Float32Array
  readonly target: string
}

/** The same words, recorded worse. */
const RECORDINGS: Readonly<Record<string, Recording>> = {
  clean: { change: samples => samples, target: '<= 0.02' },
  '45 dB quieter': { change: samples => samples.map(sample => sample * decibels(-45)), target: '<= 0.02' },
  'white noise at -30 dB': {
    change: (samples, random) => samples.map(sample => sample + noise(random) * decibels(-30)),
    target: '-',
  },
}

/** Sound without any speech. */
const WORDLESS: Readonly<Record<string, (at: number, random: () => number) => number>> = {
  silence: () => 0,
  'white noise': (_, random) => noise(random) * 0.2,
  chords: at => [220, 277, 330].reduce((sum, pitch) => sum + Math.sin(2 * Math.PI * pitch * at), 0) * 0.1,
}

/** Words of the transcript of synthetic speech (flite) against those spoken, and words found where there are none. */
export const speech: Measure = async ({ signal, progress }) => {
  const lines = TOPICS.flatMap(({ sentences, voice }) => sentences.map(text => ({ text, voice })))
  const clip = await makeSpeechClip(lines, { signal })
  const spoken = lines.map(({ text }) => text).join(' ')
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-quality-'))
  try {
    return await withServer({ command: PEERS.cuewire.command, signal }, async ({ port }) => {
      const client = await connect(`ws://127.0.0.1:${port}`)
      const hear = async (name: string, sound: Sound) => {
        progress(name)
        const file = join(folder, `${name}.wav`)
        await writeFile(file, encodeWav(sound))
        return (await transcribeFile(client, file)).segments
      }
      const rows: Row[] = []
      for (const [name, { change, target }] of Object.entries(RECORDINGS)) {
        const samples = change(clip.samples, seededRandom(1))
        const heard = await hear(name, { samples, sampleRate: clip.sampleRate })
        const rate = wordErrorRate(spoken, heard.map(({ text }) => text).join(' '))
        rows.push({ set: 'flite', what: `word error rate, ${name}`, found: rate.toFixed(3), target })
      }
      for (const [name, level] of Object.entries(WORDLESS)) {
        const random = seededRandom(2)
        const length = SILENT_SECONDS * SAMPLE_RATE
        const samples = Float32Array.from({ length }, (_, at) => level(at / SAMPLE_RATE, random))
        const heard = await hear(name, { samples, sampleRate: SAMPLE_RATE })
        const words = heard.reduce((sum, segment) => sum + segment.words.length, 0)
        rows.push({ set: `${SILENT_SECONDS} s`, what: `words in ${name}`, found: String(words), target: '0' })
      }
      await client.close()
      return { rows }
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** White noise between -1 and 1. */
const noise = (random: () => number) => 2 * random() - 1
