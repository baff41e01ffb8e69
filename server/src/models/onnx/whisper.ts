import { join } from 'node:path'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { Transcription } from '../models.js'
import { ByteTokenizer } from './byte-tokenizer.js'
import { evidenceOf } from './evidence.js'
import { logMel, MEL_FRAMES } from './log-mel.js'
import { isRepetitive } from './repetition.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'
import { type Generation, readWhisperFiles } from './whisper-files.js'
import { type DecodingStep, wordTimes } from './word-times.js'

const SAMPLE_RATE = 16_000
/** The encoder halves the 100 mel frames of a second. */
const FRAME_SECONDS = 0.02
const HEADS = 8
const HEAD_SIZE = 64
const LAYERS = 6
/** Half of the decoder's positions, as in openai/whisper (`sample_len`). */
const MAX_TOKENS = 224
/** A model that is lost does not stop; speech of any language has fewer tokens a second, even in bytes. */
const TOKENS_PER_SECOND = 16

type Tensors = Record<string, Tensor>

/** What a step of the decoder gave for its last token. */
interface Read {
  readonly logits: Float32Array
  readonly cross: readonly Tensor[]
}

/**
 * Whisper base: speech in 99 languages, in spans of up to 30 seconds, to text. It finds the language of each span, and the
 * word times come from its cross-attentions. Greedy, without time tokens.
 */
export class Whisper {
  readonly #tokenizer: ByteTokenizer
  readonly #languages: readonly (readonly [string, number])[]

  private constructor(
    private readonly encoder: InferenceSession,
    private readonly decoder: InferenceSession,
    private readonly generation: Generation,
    vocabulary: Readonly<Record<string, number>>,
  ) {
    this.#tokenizer = new ByteTokenizer(vocabulary)
    this.#languages = Object.entries(generation.lang_to_id).map(([token, id]) => [token.replace(/\W/g, ''), id])
  }

  static async open(dir: string): Promise<Whisper> {
    const { generation, vocabulary } = await readWhisperFiles(dir)
    const file = (name: string) => join(dir, 'onnx', name)
    const encoder = await openSession(file('encoder_model_quantized.onnx'), { shapes: 'one' })
    const decoder = await openSession(file('decoder_model_merged_quantized.onnx'), { shapes: 'many' })
    return new Whisper(encoder, decoder, generation, vocabulary)
  }

  async release(): Promise<void> {
    await Promise.all([this.encoder.release(), this.decoder.release()])
  }

  /** Transcribes spans of mono samples at 16 kHz, one after the other. */
  async transcribe(spans: readonly Float32Array[], signal?: AbortSignal): Promise<Transcription[]> {
    const found: Transcription[] = []
    for (const samples of spans) found.push(await this.#span(samples, signal))
    return found
  }

  async #span(samples: Float32Array, signal?: AbortSignal): Promise<Transcription> {
    signal?.throwIfAborted()
    const { decoder_start_token_id: start, task_to_id: task, no_timestamps_token_id: noTimes } = this.generation
    const features = new Tensor('float32', logMel(samples), [1, 80, MEL_FRAMES])
    const encoded = await this.encoder.run({ input_features: features })
    const states = floatTensor(encoded, 'last_hidden_state').tensor
    const first = new Decoding(this.decoder, states)
    const language = best(this.#languages, (await first.step([start])).logits)
    const decoding = new Decoding(this.decoder, states)
    let read = await decoding.step([start, language.id, task.transcribe, noTimes])
    const frames = Math.max(1, Math.ceil(samples.length / SAMPLE_RATE / FRAME_SECONDS))
    const cap = Math.min(MAX_TOKENS, Math.ceil((samples.length / SAMPLE_RATE) * TOKENS_PER_SECOND))
    const steps: DecodingStep[] = []
    while (steps.length < cap) {
      signal?.throwIfAborted()
      const { token, probability } = this.#next(read.logits, steps.length === 0)
      if (token === this.generation.eos_token_id) break
      read = await decoding.step([token])
      // The attentions while a token is read are those that placed it.
      steps.push({ token, probability, attention: this.#attention(read.cross, frames) })
    }
    return { ...this.#transcription(steps, samples), language: language.name }
  }

  #transcription(steps: readonly DecodingStep[], samples: Float32Array): Transcription {
    const found = this.#tokenizer.words(steps.map(({ token }) => token))
    if (found.length === 0) return { text: '', words: [], confidence: 0, evidence: 0, repeats: false }
    const words = wordTimes(found, steps, samples, FRAME_SECONDS)
    return {
      text: found.map(({ text }) => text).join(' '),
      words,
      confidence: steps.reduce((sum, { probability }) => sum + probability, 0) / steps.length,
      evidence: evidenceOf(words),
      repeats: isRepetitive(found.map(({ text }) => text)),
    }
  }

  /** The likeliest token that may follow. Time tokens, the largest ids, never do. */
  #next(logits: Float32Array, isFirst: boolean): { readonly token: number; readonly probability: number } {
    const { suppress_tokens, begin_suppress_tokens, no_timestamps_token_id } = this.generation
    const allowed = logits.slice(0, no_timestamps_token_id)
    for (const token of isFirst ? [...suppress_tokens, ...begin_suppress_tokens] : suppress_tokens) {
      allowed[token] = Number.NEGATIVE_INFINITY
    }
    let token = 0
    for (let id = 1; id < allowed.length; id += 1) if ((allowed[id] ?? 0) > (allowed[token] ?? 0)) token = id
    const largest = allowed[token] ?? 0
    return { token, probability: 1 / allowed.reduce((sum, logit) => sum + Math.exp(logit - largest), 0) }
  }

  #attention(cross: readonly Tensor[], frames: number): DecodingStep['attention'] {
    const heads = this.generation.alignment_heads
    const data = new Float32Array(heads.length * frames)
    for (const [at, [layer, head]] of heads.entries()) {
      const { data: values, dims } = floatTensor({ cross: cross[layer] }, 'cross')
      const width = dims[3] ?? 0
      data.set(values.subarray(head * width, head * width + frames), at * frames)
    }
    return { heads: heads.length, frames, data }
  }
}

/** The decoder with its caches. The encoder's half of the cache comes from the first step alone. */
class Decoding {
  #past: Tensors | undefined

  constructor(
    private readonly decoder: InferenceSession,
    private readonly states: Tensor,
  ) {}

  async step(tokens: readonly number[]): Promise<Read> {
    const past = this.#past ?? emptyCaches()
    const outputs = await this.decoder.run({
      ...past,
      input_ids: new Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
      encoder_hidden_states: this.states,
      use_cache_branch: new Tensor('bool', [this.#past !== undefined], [1]),
    })
    const isFirst = this.#past === undefined
    const next: Tensors = { ...past }
    for (const { name, of } of CACHES) {
      if (isFirst || of === 'decoder') {
        next[`past_key_values.${name}`] = floatTensor(outputs, `present.${name}`).tensor
      }
    }
    this.#past = next
    const { data, dims } = floatTensor(outputs, 'logits')
    const cross = Array.from({ length: LAYERS }, (_, layer) => floatTensor(outputs, `cross_attentions.${layer}`).tensor)
    return { logits: data.subarray(data.length - (dims[2] ?? 0)), cross }
  }
}

const CACHES = Array.from({ length: LAYERS }, (_, layer) =>
  (['decoder', 'encoder'] as const).flatMap(of =>
    ['key', 'value'].map(part => ({ name: `${layer}.${of}.${part}`, of })),
  ),
).flat()

function emptyCaches(): Tensors {
  const empty = () => new Tensor('float32', new Float32Array(0), [1, HEADS, 0, HEAD_SIZE])
  return Object.fromEntries(CACHES.map(({ name }) => [`past_key_values.${name}`, empty()]))
}

function best(languages: readonly (readonly [string, number])[], logits: Float32Array) {
  const [name = 'en', id = 0] = languages.reduce((one, other) =>
    (logits[other[1]] ?? 0) > (logits[one[1]] ?? 0) ? other : one,
  )
  return { name, id }
}
