import { join } from 'node:path'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { type Tokens, unigramTokens } from './sentence-tokens.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'

const OUTPUT = 'module_apply_default/Encoder_en/hidden_layers/l2_normalize'
/** The model itself drops tokens beyond these. */
const MAX_TOKENS = 128
/** In place of a text without any token, of which the model would give no vector. */
const UNKNOWN = 0

/** Universal Sentence Encoder lite (Cer et al., 2018): the vectors of sentences. */
export class UniversalSentenceEncoder {
  private constructor(
    private readonly session: InferenceSession,
    private readonly tokens: Tokens,
  ) {}

  static async open(dir: string): Promise<UniversalSentenceEncoder> {
    const tokens = await unigramTokens(dir)
    return new UniversalSentenceEncoder(await openSession(join(dir, 'encoder.onnx'), { shapes: 'many' }), tokens)
  }

  release(): Promise<void> {
    return this.session.release()
  }

  /** One row of 512 numbers for each text. */
  async encode(texts: readonly string[]): Promise<Float32Array[]> {
    const indices: number[] = []
    const values: number[] = []
    for (const [sentence, text] of texts.entries()) {
      const tokens = this.tokens(text).slice(0, MAX_TOKENS)
      for (const [position, token] of (tokens.length > 0 ? tokens : [UNKNOWN]).entries()) {
        indices.push(sentence, position)
        values.push(token)
      }
    }
    const outputs = await this.session.run({
      indices: new Tensor('int32', Int32Array.from(indices), [values.length, 2]),
      values: new Tensor('int32', Int32Array.from(values), [values.length]),
    })
    const { data, dims } = floatTensor(outputs, OUTPUT)
    const size = dims[1] ?? 0
    return texts.map((_, row) => data.slice(row * size, (row + 1) * size))
  }
}
