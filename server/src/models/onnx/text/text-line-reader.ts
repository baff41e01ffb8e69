import { readFile } from 'node:fs/promises'
import type { InferenceSession } from 'onnxruntime-node'
import type { ReadText, RgbImage } from '../../models.js'
import { normalisedTensor } from '../normalised-tensor.js'
import { openSession } from '../session.js'
import { floatTensor } from '../tensor.js'
import { decodeCtc } from './ctc.js'
import { lineText } from './line-text.js'
import { scaled } from './scale.js'

/** Height of the model's input, in pixels. */
const HEIGHT = 48
const MIN_WIDTH = 16
/** Wider lines are squeezed. */
const MAX_WIDTH = 2400
const NORMALISATION = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], blueFirst: true } as const

/** PP-OCR text recognition: reads the picture of one line. */
export class TextLineReader {
  private constructor(
    private readonly session: InferenceSession,
    private readonly characters: readonly string[],
  ) {}

  /** `keys` is the file of the model's characters, one to a line; the space follows them. */
  static async open(path: string, keys: string): Promise<TextLineReader> {
    const characters = (await readFile(keys, 'utf8')).replace(/\n$/, '').split(/\r?\n/)
    return new TextLineReader(await openSession(path, { shapes: 'many' }), [...characters, ' '])
  }

  release(): Promise<void> {
    return this.session.release()
  }

  async read(image: RgbImage): Promise<ReadText> {
    const width = Math.round((image.width * HEIGHT) / image.height)
    const size = { width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)), height: HEIGHT }
    const outputs = await this.session.run({ x: normalisedTensor(scaled(image, size), NORMALISATION) })
    const read = decodeCtc(floatTensor(outputs, 'softmax_11.tmp_0').data, this.characters)
    const letters = read.filter(({ text }) => text !== ' ')
    const sum = letters.reduce((total, { probability }) => total + probability, 0)
    const confidence = letters.length > 0 ? Math.min(1, sum / letters.length) : 0
    return { text: lineText(read.map(({ text }) => text)), confidence }
  }
}
