import type { Detection } from '@cuewire/protocol'
import type { ObjectDetector, RgbImage } from '@cuewire/server/models/models.js'

const SIZE = { width: 320, height: 180 }

/** A detector that takes blocks of pure red and blue for cars, so that tests know what there is to find. */
export const blockDetector: ObjectDetector = {
  pack: 'blocks@1',
  parallel: 1,
  reliableFrom: { car: 0.5 },
  input: SIZE,
  frameSize: () => SIZE,
  detect: async image => [blockOf(image, 0), blockOf(image, 2)].flatMap(block => block ?? []),
}

/** The block in which this channel is bright and the others are dark. */
function blockOf({ width, height, data }: RgbImage, channel: 0 | 2): Detection | undefined {
  const columns = new Set<number>()
  const rows = new Set<number>()
  for (let at = 0; at < width * height; at += 1) {
    const [bright = 0, green = 0, dark = 0] = [channel, 1, 2 - channel].map(place => data[at * 3 + place])
    if (bright < 150 || green > 90 || dark > 90) continue
    columns.add(at % width)
    rows.add(Math.floor(at / width))
  }
  if (columns.size < 8 || rows.size < 8) return undefined
  const [x, y] = [Math.min(...columns) / width, Math.min(...rows) / height]
  const box = { x, y, width: Math.min(1 - x, columns.size / width), height: Math.min(1 - y, rows.size / height) }
  return { label: 'car', confidence: 0.8, box }
}
