import { Box, Confidence, Detection, Label, Word } from '@cuewire/protocol'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { CallName, Calls } from './messages.js'

type Parsers = { readonly [Name in CallName]: (value: unknown) => Calls[Name]['result'] }

/** A parser that checks a value against a schema; it throws with the path of the first fault. */
const checked =
  <T extends TSchema>(schema: T) =>
  (value: unknown): Static<T> => {
    const fault = Value.Errors(schema, value).First()
    if (fault) throw new Error(`a model thread answered with a fault at ${fault.path || '/'}: ${fault.message}`)
    return value as Static<T>
  }

const voiceActivity = checked(
  Type.Object({ probabilities: Type.Unknown(), next: Type.Object({ state: Type.Unknown(), context: Type.Unknown() }) }),
)

function floats(value: unknown): Float32Array {
  if (value instanceof Float32Array) return value
  throw new Error('a model thread answered with something other than a Float32Array')
}

function vectors(value: unknown): Float32Array[] {
  if (!Array.isArray(value)) throw new Error('a model thread answered with something other than vectors')
  return value.map(floats)
}

/** Checks what a thread answers to each call. */
export const PARSERS: Parsers = {
  describe: checked(Type.Object({ provider: Type.String(), loadMs: Type.Number() })),
  detect: checked(Type.Array(Detection, { maxItems: 100 })),
  findText: checked(Type.Array(Type.Object({ box: Box, confidence: Confidence }), { maxItems: 1000 })),
  readText: checked(Type.Object({ text: Type.String(), confidence: Confidence })),
  transcribe: checked(
    Type.Array(
      Type.Object({
        text: Type.String(),
        words: Type.Array(Word),
        confidence: Confidence,
        evidence: Confidence,
        repeats: Type.Boolean(),
        language: Type.Optional(Type.String()),
      }),
    ),
  ),
  scoreAudio: checked(
    Type.Array(
      Type.Object({
        speech: Confidence,
        music: Confidence,
        sounds: Type.Array(Type.Object({ label: Label, score: Confidence }), { maxItems: 200 }),
      }),
    ),
  ),
  encode: vectors,
  encodeVoice: vectors,
  encodeImage: floats,
  encodeCaption: floats,
  voiceActivity(value) {
    const { probabilities, next } = voiceActivity(value)
    return { probabilities: floats(probabilities), next: { state: floats(next.state), context: floats(next.context) } }
  },
}
