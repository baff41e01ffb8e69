import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'
import { VOICE_WINDOW } from './voice-window.js'

/** Level that quieter samples are raised to, root mean square: -30 dBFS (Resemblyzer, audio.py). */
const LEVEL = 10 ** (-30 / 20)
/** Digital silence is not raised. */
const MIN_LEVEL = 1e-6

/** Voice encoder trained with GE2E loss (Wan et al., 2018): a window of speech to a vector of the voice. */
export class Ge2e {
  private constructor(private readonly session: InferenceSession) {}

  static async open(path: string): Promise<Ge2e> {
    return new Ge2e(await openSession(path, { shapes: 'many' }))
  }

  release(): Promise<void> {
    return this.session.release()
  }

  /** One vector of length 1 for each window. */
  async encode(windows: readonly Float32Array[]): Promise<Float32Array[]> {
    const samples = new Float32Array(windows.length * VOICE_WINDOW)
    for (const [at, window] of windows.entries()) samples.set(raised(window), at * VOICE_WINDOW)
    const outputs = await this.session.run({ samples: new Tensor('float32', samples, [windows.length, VOICE_WINDOW]) })
    const { data, dims } = floatTensor(outputs, 'embedding')
    const size = dims[1] ?? 0
    return windows.map((_, at) => data.slice(at * size, (at + 1) * size))
  }
}

function raised(samples: Float32Array): Float32Array {
  const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
  return level >= LEVEL || level < MIN_LEVEL ? samples : samples.map(sample => (sample * LEVEL) / level)
}
