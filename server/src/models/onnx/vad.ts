import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { VadState } from '../messages.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'
import { VAD_CHUNK, VAD_CONTEXT, VAD_STATE_DIMS } from './vad-state.js'

/** Silero VAD: gives the probability of speech in each chunk. It keeps nothing between calls; the caller holds the state. */
export class Vad {
  readonly #session: InferenceSession

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  static async open(path: string): Promise<Vad> {
    return new Vad(await openSession(path))
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
    const sr = new Tensor('int64', BigInt64Array.of(16_000n), [])
    const probabilities = new Float32Array(samples.length / VAD_CHUNK)
    let { state, context } = from
    for (let chunk = 0; chunk < probabilities.length; chunk += 1) {
      signal?.throwIfAborted()
      const input = new Float32Array(VAD_CONTEXT + VAD_CHUNK)
      input.set(context)
      input.set(samples.subarray(chunk * VAD_CHUNK, (chunk + 1) * VAD_CHUNK), VAD_CONTEXT)
      const outputs = await this.#session.run({
        input: new Tensor('float32', input, [1, input.length]),
        state: new Tensor('float32', state, VAD_STATE_DIMS),
        sr,
      })
      probabilities[chunk] = floatTensor(outputs, 'output').data[0] ?? 0
      state = floatTensor(outputs, 'stateN').data
      context = input.slice(VAD_CHUNK)
    }
    return { probabilities, next: { state, context } }
  }
}
