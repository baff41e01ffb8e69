import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'

/** Samples the model takes at a time: 32 ms at 16 kHz. */
export const VAD_CHUNK = 512

// The model wants the last samples of the former chunk in front of the new ones.
const CONTEXT = 64
const STATE_DIMS = [2, 1, 128]

/** What the model carries from one chunk to the next. */
export interface VadState {
  readonly state: Float32Array
  readonly context: Float32Array
}

/** Where a stream starts. */
export function initialVadState(): VadState {
  return { state: new Float32Array(256), context: new Float32Array(CONTEXT) }
}

/** Silero VAD: gives the probability of speech in each chunk. It keeps nothing between calls; the caller holds the state. */
export class Vad {
  readonly #session: InferenceSession

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  static async open(path: string): Promise<Vad> {
    // The model is so small that a second thread only costs.
    return new Vad(await openSession(path, { threads: 1 }))
  }

  /** `samples` are 16 kHz, a whole number of chunks. */
  async run(
    samples: Float32Array,
    from: VadState,
    signal?: AbortSignal,
  ): Promise<{ readonly probabilities: Float32Array; readonly next: VadState }> {
    const sr = new Tensor('int64', BigInt64Array.of(16_000n), [])
    const probabilities = new Float32Array(samples.length / VAD_CHUNK)
    let { state, context } = from
    for (let chunk = 0; chunk < probabilities.length; chunk += 1) {
      signal?.throwIfAborted()
      const input = new Float32Array(CONTEXT + VAD_CHUNK)
      input.set(context)
      input.set(samples.subarray(chunk * VAD_CHUNK, (chunk + 1) * VAD_CHUNK), CONTEXT)
      const outputs = await this.#session.run({
        input: new Tensor('float32', input, [1, input.length]),
        state: new Tensor('float32', state, STATE_DIMS),
        sr,
      })
      probabilities[chunk] = floatTensor(outputs, 'output').data[0] ?? 0
      state = floatTensor(outputs, 'stateN').data
      context = input.slice(VAD_CHUNK)
    }
    return { probabilities, next: { state, context } }
  }
}
