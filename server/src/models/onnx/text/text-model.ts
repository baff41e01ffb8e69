import { join } from 'node:path'
import type { ReadText, RgbImage, TextRegion } from '../../models.js'
import { TextFinder } from './text-finder.js'
import { TextLineReader } from './text-line-reader.js'

/** The two models of PP-OCR in one folder. */
export class TextModel {
  private constructor(
    private readonly finder: TextFinder,
    private readonly reader: TextLineReader,
  ) {}

  static async open(dir: string): Promise<TextModel> {
    const finder = await TextFinder.open(join(dir, 'detection.onnx'))
    return new TextModel(finder, await TextLineReader.open(join(dir, 'recognition.onnx'), join(dir, 'keys.txt')))
  }

  find(image: RgbImage, maxSide: number): Promise<TextRegion[]> {
    return this.finder.find(image, maxSide)
  }

  read(image: RgbImage): Promise<ReadText> {
    return this.reader.read(image)
  }

  async release(): Promise<void> {
    await this.finder.release()
    await this.reader.release()
  }
}
