import { join } from 'node:path'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { MAX_POSITIONS } from '../convert/moonshine-shape.js'
import type { Transcription } from '../models.js'
import { evidenceOf } from './evidence.js'
import { isRepetitive } from './repetition.js'
import { openSession } from './session.js'
import { END_TOKEN, SpanDecoder } from './span-decoder.js'
import { floatTensor } from './tensor.js'
import { tokenWords } from './tokenizer.js'
import { type DecodingStep, wordTimes } from './word-times.js'

const SAMPLE_RATE = 16_000
/** The authors' limit: English speech has fewer tokens per second, and a model that is lost does not stop. */
const TOKENS_PER_SECOND = 6.5
/** Shorter audio is padded with silence to this length, because the model reads it badly alone. */
const MIN_SECONDS = 1

/** Moonshine base: English speech of up to about 15 seconds to text, with word times from its cross-attentions. */
export class Moonshine {
  private constructor(
    private readonly encoder: InferenceSession,
    private readonly cross: InferenceSession,
    private readonly step: InferenceSession,
  ) {}

  static async open(dir: string): Promise<Moonshine> {
    const open = (name: string) => openSession(join(dir, name), { shapes: 'many' })
    return new Moonshine(await open('encoder.onnx'), await open('cross.onnx'), await open('step.onnx'))
  }

  async release(): Promise<void> {
    await Promise.all([this.encoder.release(), this.cross.release(), this.step.release()])
  }

  /**
   * Transcribes spans of mono samples at 16 kHz. They are decoded together, because each step reads all weights whether
   * for one span or many. The result of a span does not depend on the others.
   */
  async transcribe(spans: readonly Float32Array[], signal?: AbortSignal): Promise<Transcription[]> {
    const decoder = new SpanDecoder(this.step)
    for (const samples of spans) {
      signal?.throwIfAborted()
      const padded = new Float32Array(Math.max(samples.length, MIN_SECONDS * SAMPLE_RATE))
      padded.set(samples)
      // One at a time: the encoder is compute-bound, and it quantizes a batch as a whole.
      const encoded = await this.encoder.run({ input_values: new Tensor('float32', padded, [1, padded.length]) })
      const states = floatTensor(encoded, 'last_hidden_state').tensor
      const looked = await this.cross.run({ encoder_hidden_states: states })
      const cap = Math.ceil((padded.length / SAMPLE_RATE) * TOKENS_PER_SECOND)
      decoder.add(looked, Math.min(cap, MAX_POSITIONS))
    }
    const decoded = await decoder.decode(signal)
    return decoded.map((steps, index) => transcription(steps, spans[index] ?? new Float32Array(0)))
  }
}

function transcription(steps: readonly DecodingStep[], samples: Float32Array): Transcription {
  const spoken = steps.filter(step => step.token !== END_TOKEN)
  const found = tokenWords(spoken.map(step => step.token))
  if (found.length === 0) return { text: '', words: [], confidence: 0, evidence: 0, repeats: false }
  const words = wordTimes(found, steps, samples)
  return {
    text: found.map(word => word.text).join(' '),
    words,
    evidence: evidenceOf(words),
    confidence: spoken.reduce((sum, step) => sum + step.probability, 0) / spoken.length,
    repeats: isRepetitive(found.map(word => word.text)),
  }
}
