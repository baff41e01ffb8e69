import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import { encodeWav, type Sound } from '@cuewire/server/lib/wav.js'
import { withServer } from '../lib/server-process.js'
import { PEERS } from '../peers/peers.js'
import { speakForeign } from '../sample/espeak.js'
import { humanRights } from '../sample/human-rights.js'
import { runFfmpeg } from '../sample/run-ffmpeg.js'
import { makeSpeechClip } from '../sample/speech-clip.js'
import type { Measure, Row } from './measure.js'
import { type Transcribed, transcribeFile } from './transcribe-file.js'

/** Languages by their eSpeak NG voice, with the code of their text. The thresholds were chosen with the first set. */
const LANGUAGES = {
  development: {
    ...{ de: 'deu_1996', 'fr-fr': 'fra', es: 'spa', nl: 'nld', sv: 'swe', 'pt-br': 'por_BR' },
    ...{ ru: 'rus', cmn: 'cmn_hans', ar: 'arb', ko: 'kor', fi: 'fin', ta: 'tam' },
  },
  'held out': {
    ...{ bg: 'bul', sk: 'slk', lt: 'lit', sq: 'als', az: 'azj_latn', mt: 'mlt' },
    ...{ gl: 'glg', mr: 'mar', te: 'tel', lb: 'ltz', ht: 'hat_popular', 'fr-be': 'fra' },
  },
} as const
const ENGLISH = ['en-us', 'en-gb-scotland', 'en-029']

/** Options of ffmpeg that make a recording worse; the noise is some 10 dB below the speech. */
const RECORDINGS: Readonly<Record<string, readonly string[]>> = {
  clean: [],
  quiet: ['-af', 'volume=-45dB'],
  telephone: ['-af', 'highpass=f=300,lowpass=f=3400,aresample=8000'],
  fast: ['-af', 'atempo=1.35'],
  echo: ['-af', 'aecho=0.8:0.7:40|90|170:0.4|0.3|0.2'],
  noisy: ['-f', 'lavfi', '-i', 'anoisesrc=amplitude=0.06', '-filter_complex', 'amix=duration=first'],
}

/** Paragraphs to speak: those that thresholds were chosen with, and others. */
const PARAGRAPHS = { development: [3, 5], 'held out': [30, 32] } as const
type SetName = keyof typeof PARAGRAPHS

type Outcome = 'skipped' | 'invented' | 'empty' | 'read'
type Hear = (name: string, sound: Sound, options?: readonly string[]) => Promise<Transcribed>

/** What becomes of speech in languages that the speech model cannot read, and whether English is read. */
export const language: Measure = async ({ signal, progress }) => {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-quality-'))
  try {
    return await withServer({ command: PEERS.cuewire.command, signal }, async ({ port }) => {
      const client = await connect(`ws://127.0.0.1:${port}`)
      const hear: Hear = async (name, sound, options = []) => {
        progress(name)
        const [plain, file] = [join(folder, 'plain.wav'), join(folder, `${name}.wav`)]
        await writeFile(plain, encodeWav(sound))
        await runFfmpeg(['-y', '-i', plain, ...options, file], { cwd: folder, signal })
        return await transcribeFile(client, file)
      }
      const rows: Row[] = []
      for (const set of ['development', 'held out'] as const) rows.push(await otherLanguages(set, hear))
      for (const name of Object.keys(RECORDINGS)) rows.push(await english(name, hear, signal))
      await client.close()
      return { rows }
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function otherLanguages(set: SetName, hear: Hear): Promise<Row> {
  const found: [string, Outcome][] = []
  for (const [voice, code] of Object.entries(LANGUAGES[set])) {
    const { segments, stage } = await hear(voice, await spoken(voice, code, set))
    const outcome = stage.state === 'skipped' ? 'skipped' : segments.length === 0 ? 'empty' : 'invented'
    found.push([voice, outcome])
  }
  return { set, what: `${found.length} other languages`, found: summary(found, 'skipped'), target: 'none invented' }
}

async function english(name: string, hear: Hear, signal: AbortSignal): Promise<Row> {
  const sounds: [string, Sound][] = []
  for (const voice of ENGLISH) sounds.push([voice, await spoken(voice, 'eng', 'held out')])
  const [text = ''] = (await humanRights('eng')).slice(...PARAGRAPHS['held out'])
  sounds.push(['flite', await makeSpeechClip([{ text, voice: 'slt' }], { signal })])
  const found: [string, Outcome][] = []
  for (const [voice, sound] of sounds) {
    const { segments, stage } = await hear(`${voice} ${name}`, sound, RECORDINGS[name])
    found.push([voice, stage.state === 'skipped' ? 'skipped' : segments.length === 0 ? 'empty' : 'read'])
  }
  return { set: 'English', what: `${name}, ${found.length} voices`, found: summary(found, 'read'), target: 'all read' }
}

async function spoken(voice: string, code: string, set: SetName): Promise<Sound> {
  const texts = (await humanRights(code)).slice(...PARAGRAPHS[set])
  const sounds = await speakForeign(texts.map(text => ({ text, language: voice })))
  const sampleRate = sounds[0]?.sampleRate
  if (sampleRate === undefined) throw new Error(`there is no text to speak for ${code}`)
  const pause = new Float32Array(Math.round(0.6 * sampleRate))
  return { samples: Float32Array.from(sounds.flatMap(({ samples }) => [...samples, ...pause])), sampleRate }
}

/** "14 skipped; invented: de", the usual outcome first. */
function summary(found: readonly (readonly [string, Outcome])[], usual: Outcome): string {
  const others = found.filter(([, outcome]) => outcome !== usual)
  return [`${found.length - others.length} ${usual}`, ...others.map(([voice, outcome]) => `${outcome}: ${voice}`)].join(
    '; ',
  )
}
