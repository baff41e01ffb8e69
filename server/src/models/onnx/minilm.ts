import { join } from 'node:path'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { type Tokens, wordPieceTokens } from './sentence-tokens.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'

/** The limit that the model's `tokenizer.json` states. */
const MAX_TOKENS = 128

/** all-MiniLM-L6-v2: the vectors of sentences, the mean of the vectors of their tokens. */
export class MiniLm {
  private constructor(
    private readonly session: InferenceSession,
    private readonly tokens: Tokens,
  ) {}

  static async open(dir: string): Promise<MiniLm> {
    const tokens = await wordPieceTokens(dir)
    return new MiniLm(await openSession(join(dir, 'onnx/model_quantized.onnx'), { shapes: 'many' }), tokens)
  }

  release(): Promise<void> {
    return this.session.release()
  }

  /** One unit vector of 384 numbers for each text. */
  async encode(texts: readonly string[]): Promise<Float32Array[]> {
    const rows = texts.map(text => limited(this.tokens(text)))
    const width = Math.max(...rows.map(row => row.length))
    const dims = [texts.length, width]
    const ids = new BigInt64Array(texts.length * width)
    const mask = new BigInt64Array(ids.length)
    for (const [row, tokens] of rows.entries()) {
      for (const [at, token] of tokens.entries()) {
        ids[row * width + at] = BigInt(token)
        mask[row * width + at] = 1n
      }
    }
    const outputs = await this.session.run({
      input_ids: new Tensor('int64', ids, dims),
      attention_mask: new Tensor('int64', mask, dims),
      token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), dims),
    })
    const { data, dims: shape } = floatTensor(outputs, 'last_hidden_state')
    const size = shape[2] ?? 0
    return rows.map(({ length }, row) => unitMean(data.subarray(row * width * size), length, size))
  }
}

/** The first tokens, with the end marker. */
function limited(tokens: readonly number[]): readonly number[] {
  return tokens.length <= MAX_TOKENS ? tokens : [...tokens.slice(0, MAX_TOKENS - 1), ...tokens.slice(-1)]
}

/** The mean of `count` vectors of `size` numbers, scaled to length 1. */
function unitMean(states: Float32Array, count: number, size: number): Float32Array {
  const sum = new Float32Array(size)
  for (let at = 0; at < count * size; at += 1) sum[at % size] = (sum[at % size] ?? 0) + (states[at] ?? 0)
  const norm = Math.hypot(...sum)
  return sum.map(value => value / norm)
}
