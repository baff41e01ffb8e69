import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { TimeRange } from '@cuewire/protocol'
import { clusterVoices, type Voice as HeardVoice } from '@cuewire/server/domain/processing/speakers/cluster-voices.js'
import { sentenceVoice } from '@cuewire/server/domain/processing/speakers/sentence-voice.js'
import { createModels } from '@cuewire/server/models/create-models.js'
import type { VoiceEncoder } from '@cuewire/server/models/models.js'
import { speakersGe2e } from '@cuewire/server/models/packs/speakers-ge2e.js'
import { checkPack } from '@cuewire/server/models/verify.js'
import { PASSAGES } from '../eval/passages.js'
import { modelsFolder } from '../lib/models-folder.js'
import { seededRandom } from '../lib/seeded-random.js'
import { speakLines, type Voice } from '../sample/speak.js'
import { mix, RATE, type Random, silent, white } from '../sample/synthesiser.js'
import { decodeWav } from '../sample/wav.js'
import type { Measure, Row } from './measure.js'

/** Voices that talk to each other. The threshold was chosen with the first set. */
const CONVERSATIONS: Readonly<Record<string, readonly (readonly Voice[])[]>> = {
  development: [['slt', 'rms'], ['slt', 'kal16'], ['rms'], ['slt', 'rms', 'kal16']],
  'held out': [['awb', 'slt'], ['awb', 'rms'], ['awb'], ['awb', 'slt', 'rms', 'kal16']],
}
/** Recordings of one reader each, cut into sentences of this length. */
const READERS = ['jfk.wav', 'two_cities_16k.wav']
const CUT_SECONDS = 3
const SENTENCES = 14
const PAUSE = 0.4

/** A sentence, and who speaks it. */
interface Sentence {
  readonly samples: Float32Array
  readonly speaker: string
}

/** Share of the speech that is given to the wrong speaker, sentences being known: conversations of several voices. */
export const speakers: Measure = async ({ signal, progress }) => {
  const dir = modelsFolder()
  const status = await checkPack(dir, speakersGe2e, signal)
  if (status.state !== 'ready') return { skipped: `${status.reason}; ${status.command}` }
  const models = createModels({ dir })
  try {
    const encoder = await models.speakers()
    const rows: Row[] = []
    const measure = async (set: string, what: string, sentences: readonly Sentence[]) => {
      for (const [how, level] of [
        ['', 0],
        [', noisy', 0.01],
      ] as const) {
        progress(`${set}, ${what}${how}`)
        const found = await errorOf(sentences, { encoder, noise: level, signal })
        rows.push({ set, what: `speaker error, ${what}${how}`, found, target: '<= 0.05' })
      }
    }
    for (const [set, conversations] of Object.entries(CONVERSATIONS)) {
      const random = seededRandom(set.length)
      for (const voices of conversations)
        await measure(set, voices.join(' and '), await conversation(voices, random, signal))
    }
    const read = await readers()
    if (read.length > 0) await measure('recordings', 'two readers', read)
    return { rows }
  } finally {
    await models.close()
  }
}

async function conversation(voices: readonly Voice[], random: Random, signal: AbortSignal): Promise<Sentence[]> {
  const texts = Object.values(PASSAGES).flatMap(passage => passage.split(/(?<=\.) /))
  const lines = Array.from({ length: SENTENCES }, (_, at) => ({
    text: texts[Math.floor(random() * texts.length)] ?? '',
    voice: (at < voices.length ? voices[at] : voices[Math.floor(random() * voices.length)]) as Voice,
  }))
  const sounds = await speakLines(lines, { signal })
  return sounds.map(({ samples }, at) => ({ samples, speaker: lines[at]?.voice ?? '' }))
}

async function readers(): Promise<Sentence[]> {
  const sentences: Sentence[] = []
  for (const name of READERS) {
    const file = resolve('../shared/media', name)
    if (!existsSync(file)) continue
    const { samples } = decodeWav(await readFile(file))
    const size = CUT_SECONDS * RATE
    for (let at = 0; at + size <= samples.length; at += size)
      sentences.push({ samples: samples.slice(at, at + size), speaker: name })
  }
  return sentences
}

/** Joins sentences into one recording, has their speakers found, and returns the share of speech of the wrong one. */
async function errorOf(
  sentences: readonly Sentence[],
  { encoder, noise, signal }: { readonly encoder: VoiceEncoder; readonly noise: number; readonly signal: AbortSignal },
): Promise<string> {
  const random = seededRandom(3)
  const seconds = sentences.reduce((sum, { samples }) => sum + samples.length / RATE + PAUSE, 0)
  const whole = silent(seconds).map(() => noise * white(random))
  const spans: TimeRange[] = []
  let start = 0
  for (const { samples } of sentences) {
    mix(whole, samples, { start })
    spans.push({ start, end: start + samples.length / RATE })
    start += samples.length / RATE + PAUSE
  }
  const spool = {
    span: async (span: TimeRange) => whole.slice(Math.round(span.start * RATE), Math.round(span.end * RATE)),
  }
  const heard: { readonly voice: HeardVoice; readonly speaker: string }[] = []
  for (const [at, span] of spans.entries()) {
    const voice = await sentenceVoice(span, { spool, encoder }, signal)
    if (voice) heard.push({ voice, speaker: sentences[at]?.speaker ?? '' })
  }
  const numbers = await clusterVoices(
    heard.map(({ voice }) => voice),
    signal,
  )
  const shared = new Map<string, Map<number, number>>()
  for (const [at, { voice, speaker }] of heard.entries()) {
    const counts = shared.get(speaker) ?? new Map<number, number>()
    shared.set(speaker, counts)
    counts.set(numbers[at] ?? 0, (counts.get(numbers[at] ?? 0) ?? 0) + voice.seconds)
  }
  const all = heard.reduce((sum, { voice }) => sum + voice.seconds, 0)
  const found = new Set(numbers).size
  return `${Math.max(0, 1 - bestMatch([...shared.values()], new Set()) / all).toFixed(3)} (${found} of ${shared.size} speakers)`
}

/** The most seconds that are right, each found speaker being at most one of the real ones. */
function bestMatch([first, ...others]: readonly ReadonlyMap<number, number>[], taken: ReadonlySet<number>): number {
  if (!first) return 0
  const choices = [...first].filter(([number]) => !taken.has(number))
  return Math.max(
    bestMatch(others, taken),
    ...choices.map(([number, seconds]) => seconds + bestMatch(others, new Set([...taken, number]))),
  )
}
