import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { VadState } from '../messages.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'
import { VAD_CHUNK, VAD_CONTEXT, VAD_STATE_DIMS } from './vad-state.js'

const CHUNK_WITH_CONTEXT = VAD_CONTEXT + VAD_CHUNK
/** Chunks of one run, 8 s of sound: between two runs an abort is noticed. */
const MAX_CHUNKS = 250

/** Silero VAD: gives the probability of speech in each chunk. It keeps nothing between calls; the caller holds the state. */
export class Vad {
  readonly #session: InferenceSession

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  static async open(path: string): Promise<Vad> {
    return new Vad(await openSession(path, { shapes: 'many' }))
  }

  release(): Promise<void> {
    return this.#session.release()
  }

  /** `samples` are 16 kHz, a whole number of chunks. */
  async run(
    samples: Float32Array,
    from: VadState,
    signal?: AbortSignal,
  ): Promise<{ readonly probabilities: Float32Array; readonly next: VadState }> {
    const probabilities = new Float32Array(samples.length / VAD_CHUNK)
    let { state, context } = from
    for (let first = 0; first < probabilities.length; first += MAX_CHUNKS) {
      signal?.throwIfAborted()
      const count = Math.min(MAX_CHUNKS, probabilities.length - first)
      const chunks = withContexts(samples.subarray(first * VAD_CHUNK, (first + count) * VAD_CHUNK), context)
      const outputs = await this.#session.run({
        chunks: new Tensor('float32', chunks, [count, CHUNK_WITH_CONTEXT]),
        state: new Tensor('float32', state, VAD_STATE_DIMS),
      })
      probabilities.set(floatTensor(outputs, 'probabilities').data, first)
      state = floatTensor(outputs, 'next_state').data
      context = chunks.slice(-VAD_CONTEXT)
    }
    return { probabilities, next: { state, context } }
  }
}

/** Puts in front of each chunk the last samples of the one before; in front of the first, `context`. */
function withContexts(samples: Float32Array, context: Float32Array): Float32Array {
  const chunks = new Float32Array((samples.length / VAD_CHUNK) * CHUNK_WITH_CONTEXT)
  chunks.set(context)
  for (let at = 0, target = VAD_CONTEXT; at < samples.length; at += VAD_CHUNK, target += CHUNK_WITH_CONTEXT) {
    if (at > 0) chunks.set(samples.subarray(at - VAD_CONTEXT, at), target - VAD_CONTEXT)
    chunks.set(samples.subarray(at, at + VAD_CHUNK), target)
  }
  return chunks
}
