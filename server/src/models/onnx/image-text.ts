import { join } from 'node:path'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { RgbImage } from '../models.js'
import { type ColourScale, normalisedTensor } from './normalised-tensor.js'
import { bytePairTokens, type Tokens, wordTokens } from './sentence-tokens.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'

/** Files and conventions of an image-text model. Paths are in the pack's folder. */
interface Format {
  readonly image: { readonly file: string; readonly input: string; readonly colours: ColourScale }
  readonly text: { readonly file: string; readonly tokens: (dir: string) => Promise<Tokens> }
}

/** CLIP's context length. */
const MAX_TOKENS = 77

const FORMATS = {
  clip: {
    image: {
      file: 'onnx/vision_model_quantized.onnx',
      input: 'pixel_values',
      // Of CLIP's own training pictures (Radford et al., 2021; `_transform` of its clip.py).
      colours: { mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711] },
    },
    text: { file: 'onnx/text_model_quantized.onnx', tokens: bytePairTokens },
  },
  conse: {
    image: {
      file: 'image_encoder.onnx',
      input: 'input',
      // Of ImageNet, as torchvision documents them.
      colours: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
    },
    text: { file: 'text_encoder.onnx', tokens: wordTokens },
  },
} as const satisfies Record<string, Format>

/**
 * A dual encoder: pictures and texts become vectors of one space, in which a picture is near the texts that describe it. Each
 * half is loaded when it is first used, since a job needs pictures only and a search texts only. Calls must not overlap, as
 * those of a model thread do not.
 */
export class ImageText {
  #image: InferenceSession | undefined
  #text: { readonly session: InferenceSession; readonly tokens: Tokens } | undefined

  private constructor(
    private readonly dir: string,
    private readonly format: Format,
  ) {}

  static open(dir: string, format: keyof typeof FORMATS): ImageText {
    return new ImageText(dir, FORMATS[format])
  }

  async release(): Promise<void> {
    await this.#image?.release()
    await this.#text?.session.release()
  }

  /** The unit vector of a picture of `IMAGE_SIDE` pixels a side. */
  async encodeImage(image: RgbImage): Promise<Float32Array> {
    const { file, input, colours } = this.format.image
    this.#image ??= await openSession(join(this.dir, file), { shapes: 'one' })
    const outputs = await this.#image.run({ [input]: normalisedTensor(image, colours) })
    return unit(floatTensor(outputs, 'image_embeds').data)
  }

  /** The unit vector of a text; zeros if the model knows none of its words. */
  async encodeText(text: string): Promise<Float32Array> {
    this.#text ??= await this.#openText()
    const { session, tokens } = this.#text
    const all = tokens(text)
    // The last one may be the end marker.
    const ids = all.length <= MAX_TOKENS ? all : [...all.slice(0, MAX_TOKENS - 1), ...all.slice(-1)]
    const dims = [1, ids.length]
    const inputs: Record<string, Tensor> = { input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), dims) }
    // Exports differ in whether they ask for it.
    if (session.inputNames.includes('attention_mask')) {
      inputs['attention_mask'] = new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims)
    }
    return unit(floatTensor(await session.run(inputs), 'text_embeds').data)
  }

  async #openText() {
    const { file, tokens } = this.format.text
    return { session: await openSession(join(this.dir, file), { shapes: 'many' }), tokens: await tokens(this.dir) }
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map(value => value / length) : vector
}
