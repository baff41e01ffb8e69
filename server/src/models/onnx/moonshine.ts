import { join } from 'node:path'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { CROSS_ATTENTIONS } from '../convert/cross-attention.js'
import type { Transcription } from '../models.js'
import { isRepetitive } from './repetition.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'
import { tokenWords } from './tokenizer.js'
import { type DecodingStep, wordTimes } from './word-times.js'

const SAMPLE_RATE = 16_000
const START = 1
const END = 2
/** The authors' own cap: English speech has fewer tokens a second, and a model that is lost does not stop. */
const TOKENS_PER_SECOND = 6.5
/** Shorter sounds are followed by silence up to this length: the model reads them badly alone. */
const MIN_SECONDS = 1
const LAYERS = 8
const HEADS = 8
const HEAD_SIZE = 52

type Feeds = Record<string, Tensor>

/** Moonshine base: English speech of up to about 15 seconds to text, with word times from its cross-attentions. */
export class Moonshine {
  readonly #encoder: InferenceSession
  readonly #decoder: InferenceSession

  private constructor(encoder: InferenceSession, decoder: InferenceSession) {
    this.#encoder = encoder
    this.#decoder = decoder
  }

  static async open(dir: string, options: { readonly threads: number }): Promise<Moonshine> {
    const encoder = await openSession(join(dir, 'encoder.onnx'), options)
    const decoder = await openSession(join(dir, 'decoder.onnx'), options)
    return new Moonshine(encoder, decoder)
  }

  async release(): Promise<void> {
    await Promise.all([this.#encoder.release(), this.#decoder.release()])
  }

  async transcribe(samples: Float32Array, signal?: AbortSignal): Promise<Transcription> {
    const padded = new Float32Array(Math.max(samples.length, MIN_SECONDS * SAMPLE_RATE))
    padded.set(samples)
    const encoded = await this.#encoder.run({ input_values: new Tensor('float32', padded, [1, padded.length]) })
    const states = floatTensor(encoded, 'last_hidden_state').tensor
    const cap = Math.ceil((padded.length / SAMPLE_RATE) * TOKENS_PER_SECOND)
    return transcription(await this.#decode(states, cap, signal), samples)
  }

  /** Greedy decoding; the last step is the one that gave the end token, unless the cap came first. */
  async #decode(states: Tensor, cap: number, signal?: AbortSignal): Promise<DecodingStep[]> {
    const steps: DecodingStep[] = []
    let cache = emptyCache()
    let token = START
    while (token !== END && steps.length < cap) {
      signal?.throwIfAborted()
      const first = steps.length === 0
      const outputs = await this.#decoder.run({
        ...cache,
        input_ids: new Tensor('int64', BigInt64Array.of(BigInt(token)), [1, 1]),
        encoder_hidden_states: states,
        use_cache_branch: new Tensor('bool', Uint8Array.of(first ? 0 : 1), [1]),
      })
      const step = readStep(outputs)
      steps.push(step)
      token = step.token
      cache = nextCache(outputs, cache, first)
    }
    return steps
  }
}

/** Names of the cache's tensors after `past_key_values.` and `present.`. */
const CACHE_NAMES = Array.from({ length: LAYERS }, (_, layer) =>
  ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(part => `${layer}.${part}`),
).flat()

function emptyCache(): Feeds {
  return Object.fromEntries(
    CACHE_NAMES.map(name => [
      `past_key_values.${name}`,
      new Tensor('float32', new Float32Array(0), [0, HEADS, 1, HEAD_SIZE]),
    ]),
  )
}

/** The encoder's half of the cache comes from the first step alone; later steps give it empty. */
function nextCache(outputs: InferenceSession.OnnxValueMapType, cache: Feeds, first: boolean): Feeds {
  const next: Feeds = {}
  for (const name of CACHE_NAMES) {
    const key = `past_key_values.${name}`
    const kept = first || name.includes('decoder') ? undefined : cache[key]
    next[key] = kept ?? floatTensor(outputs, `present.${name}`).tensor
  }
  return next
}

function readStep(outputs: InferenceSession.OnnxValueMapType): DecodingStep {
  const logits = floatTensor(outputs, 'logits').data
  const { data, dims } = floatTensor(outputs, CROSS_ATTENTIONS)
  let token = 0
  for (let index = 1; index < logits.length; index += 1) {
    if ((logits[index] ?? 0) > (logits[token] ?? 0)) token = index
  }
  const top = logits[token] ?? 0
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - top), 0)
  return { token, probability: 1 / sum, attention: { data, heads: dims[1] ?? 0, frames: dims[3] ?? 0 } }
}

function transcription(steps: readonly DecodingStep[], samples: Float32Array): Transcription {
  const spoken = steps.filter(step => step.token !== END)
  const found = tokenWords(spoken.map(step => step.token))
  if (found.length === 0) return { text: '', words: [], confidence: 0, repeats: false }
  return {
    text: found.map(word => word.text).join(' '),
    words: wordTimes(found, steps, samples),
    confidence: spoken.reduce((sum, step) => sum + step.probability, 0) / spoken.length,
    repeats: isRepetitive(found.map(word => word.text)),
  }
}
