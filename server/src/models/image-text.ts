import type { CoreScheduler } from './core-scheduler.js'
import type { ImageTextEncoder, RgbImage } from './models.js'
import { IMAGE_SIDE } from './onnx/image-text-side.js'
import { ownBuffer } from './own-buffer.js'
import { type Pack, packId } from './pack.js'
import { oneByOne } from './work.js'

/** Pictures queued per core, so that none waits for the next one to be decoded. */
const UNDER_WAY_PER_CORE = 2
/** Far more than the tokens that the models read. */
const MAX_CHARACTERS = 2000

const imageEncoding = (pack: string) =>
  oneByOne<RgbImage, Float32Array>(pack, (thread, params, signal) =>
    thread.call<'encodeImage'>({ name: 'encodeImage', pack, params }, { signal }),
  )

const textEncoding = (pack: string) =>
  oneByOne<string, Float32Array>(pack, (thread, text, signal) =>
    thread.call<'encodeCaption'>({ name: 'encodeCaption', pack, params: { text } }, { signal }),
  )

/** An encoder of pictures and texts, with a lane for each. */
export function imageTextEncoder(scheduler: CoreScheduler, pack: Pack): ImageTextEncoder {
  const images = scheduler.lane(imageEncoding(packId(pack)))
  const texts = scheduler.lane(textEncoding(packId(pack)))
  return {
    pack: packId(pack),
    parallel: scheduler.cores * UNDER_WAY_PER_CORE,
    input: { width: IMAGE_SIDE, height: IMAGE_SIDE },
    async encodeImage({ width, height, data }, signal) {
      if (width !== IMAGE_SIDE || height !== IMAGE_SIDE || data.length !== width * height * 3) {
        throw new RangeError(`image must be RGB of ${IMAGE_SIDE} x ${IMAGE_SIDE}, not ${width} x ${height}`)
      }
      return images.run({ width, height, data: ownBuffer(data) }, signal)
    },
    encodeText: (text, signal) => texts.run(text.slice(0, MAX_CHARACTERS), signal),
  }
}
