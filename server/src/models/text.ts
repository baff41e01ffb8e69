import type { Box } from '@cuewire/protocol'
import type { CoreScheduler } from './core-scheduler.js'
import type { ReadText, RgbImage, TextReader, TextRegion } from './models.js'
import { ownBuffer } from './own-buffer.js'
import { type Pack, packId } from './pack.js'
import { LARGE_MODEL_IDLE_MS, oneByOne } from './work.js'

/**
 * Largest side of the picture, in pixels. At 1280 the letters of slides made for 720p have their full size; more of them
 * does not help, because lines are read at a height of 48 pixels.
 */
const SIDE = 1280
/** Largest side of the picture in which lines are searched, in pixels. */
const FIND_SIDE = 960
const GLANCE_SIDE = 512

interface Search {
  readonly image: RgbImage
  readonly maxSide: number
}

const LARGE = { copyAfterIdleMs: LARGE_MODEL_IDLE_MS } as const

// Lines differ in length, so a batch would be padded: one by one they take as long.
const finding = (pack: string) =>
  oneByOne<Search, TextRegion[]>(
    pack,
    (thread, params, signal) => thread.call<'findText'>({ name: 'findText', pack, params }, { signal }),
    LARGE,
  )
const reading = (pack: string) =>
  oneByOne<RgbImage, ReadText>(
    pack,
    (thread, params, signal) => thread.call<'readText'>({ name: 'readText', pack, params }, { signal }),
    LARGE,
  )

/** A reader of text with separate lanes for finding and reading lines. */
export function textReader(scheduler: CoreScheduler, pack: Pack): TextReader {
  const find = scheduler.lane(finding(packId(pack)))
  const read = scheduler.lane(reading(packId(pack)))
  return {
    pack: packId(pack),
    input: { width: SIDE, height: SIDE },
    frameSize({ width, height }) {
      const ratio = Math.min(1, SIDE / Math.max(width, height))
      const side = (length: number) => Math.max(1, Math.round(length * ratio))
      return { width: side(width), height: side(height) }
    },
    async find(image, { glance }, signal) {
      assertFits(image)
      const { width, height, data } = image
      const own = { width, height, data: ownBuffer(data) }
      return find.run({ image: own, maxSide: glance ? GLANCE_SIDE : FIND_SIDE }, signal)
    },
    async read(image, box, signal) {
      assertFits(image)
      return read.run(cropped(image, box), signal)
    },
  }
}

function assertFits({ width, height, data }: RgbImage): void {
  if (width <= SIDE && height <= SIDE && data.length === width * height * 3) return
  throw new RangeError(`image must be RGB of at most ${SIDE} x ${SIDE}, not ${width} x ${height}`)
}

/** The pixels that a box touches, at least one. */
function cropped(image: RgbImage, box: Box): RgbImage {
  const left = Math.min(image.width - 1, Math.floor(box.x * image.width))
  const top = Math.min(image.height - 1, Math.floor(box.y * image.height))
  const right = Math.min(image.width, Math.max(left + 1, Math.ceil((box.x + box.width) * image.width)))
  const bottom = Math.min(image.height, Math.max(top + 1, Math.ceil((box.y + box.height) * image.height)))
  const width = right - left
  const data = new Uint8Array(width * (bottom - top) * 3)
  for (let row = top; row < bottom; row += 1) {
    const start = (row * image.width + left) * 3
    data.set(image.data.subarray(start, start + width * 3), (row - top) * width * 3)
  }
  return { width, height: bottom - top, data }
}
