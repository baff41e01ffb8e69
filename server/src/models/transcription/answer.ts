import type { Confidence, Seconds, Word } from '@cuewire/protocol'
import { LIMITS } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { toLine } from '../../lib/text.js'
import type { Transcription } from '../models.js'
import { evidenceOf } from '../onnx/evidence.js'
import { isRepetitive } from '../onnx/repetition.js'

const Segment = Type.Object({
  start: Type.Number(),
  end: Type.Number(),
  text: Type.String(),
  avg_logprob: Type.Optional(Type.Number()),
  no_speech_prob: Type.Optional(Type.Number()),
})
type Segment = Static<typeof Segment>

const SpokenWord = Type.Object({
  word: Type.String(),
  start: Type.Number(),
  end: Type.Number(),
  probability: Type.Optional(Type.Number()),
})

/** What the transcription API of OpenAI calls `verbose_json`; services leave out what they do not know. */
const Answer = Type.Object({
  text: Type.String(),
  language: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  segments: Type.Optional(Type.Union([Type.Array(Segment), Type.Null()])),
  words: Type.Optional(Type.Union([Type.Array(SpokenWord), Type.Null()])),
})

/** Whisper takes a segment for silence beyond both (`no_speech_threshold`, `logprob_threshold` of openai/whisper). */
const NO_SPEECH = 0.6
const NO_SPEECH_LOG_PROBABILITY = -1

/**
 * Reads the answer to a span of `duration` seconds. Words without times of their own share the time of their segment by
 * their length, and words without a probability get that of their segment; where a service gives none, it is 1. Throws if
 * the answer has another shape.
 */
export function readAnswer(json: unknown, duration: Seconds): Transcription {
  const fault = Value.Errors(Answer, json).First()
  if (fault) throw new TypeError(`${fault.path || '/'}: ${fault.message}`)
  const answer = json as Static<typeof Answer>
  const whole: Segment = { start: 0, end: duration, text: answer.text }
  const segments = (answer.segments?.length ? answer.segments : [whole]).filter(segment => !isSilence(segment))
  const timed = answer.words?.length ? answer.words : segments.flatMap(spread)
  const words = timed.flatMap(word => {
    const middle = (word.start + word.end) / 2
    const segment = segments.find(({ start, end }) => start <= middle && middle <= end)
    const text = toLine(word.word.trim(), LIMITS.wordLength)
    if (!segment || text === '') return []
    return toWord({ ...word, word: text, probability: word.probability ?? probabilityOf(segment) }, duration)
  })
  const confidence = words.length === 0 ? 0 : words.reduce((sum, word) => sum + word.confidence, 0) / words.length
  const language = codeOf(answer.language)
  return {
    text: words.map(({ text }) => text).join(' '),
    words,
    confidence,
    evidence: evidenceOf(words),
    repeats: isRepetitive(words.map(({ text }) => text)),
    ...(language !== undefined && { language }),
  }
}

function toWord({ word, start, end, probability }: Required<Static<typeof SpokenWord>>, duration: Seconds): Word {
  const within = (seconds: number) => Math.max(0, Math.min(duration, seconds))
  const from = within(start)
  return { text: word, start: from, end: Math.max(from, within(end)), confidence: asConfidence(probability) }
}

/** The words of a segment, each with time in proportion to its length. */
function spread({ text, start, end }: Segment): Static<typeof SpokenWord>[] {
  const words = text.split(/\s+/).filter(word => word !== '')
  const letters = words.reduce((sum, word) => sum + word.length, 0)
  let passed = 0
  return words.map(word => {
    const from = start + ((end - start) * passed) / letters
    passed += word.length
    return { word, start: from, end: start + ((end - start) * passed) / letters }
  })
}

const isSilence = ({ no_speech_prob: silence = 0, avg_logprob: log = 0 }: Segment) =>
  silence > NO_SPEECH && log < NO_SPEECH_LOG_PROBABILITY

const probabilityOf = ({ avg_logprob: log = 0 }: Segment) => Math.exp(log)

const asConfidence = (value: number): Confidence => Math.max(0, Math.min(1, value))

/** The code (ISO 639-1) of a language that is named in English, as OpenAI does, or by its code. */
function codeOf(language: string | null | undefined): string | undefined {
  if (!language) return undefined
  const name = language.toLowerCase()
  return /^[a-z]{2}$/.test(name) ? name : codesByName().get(name)
}

let codes: ReadonlyMap<string, string> | undefined

function codesByName(): ReadonlyMap<string, string> {
  codes ??= new Map(
    TWO_LETTERS.flatMap(code => {
      const name = NAMES.of(code)
      return name === undefined || name === code ? [] : [[name.toLowerCase(), code] as const]
    }),
  )
  return codes
}

const NAMES = new Intl.DisplayNames(['en'], { type: 'language' })
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const TWO_LETTERS = Array.from(LETTERS, first => Array.from(LETTERS, second => first + second)).flat()
