import { COLOURS, type Scene, type Shot } from '@cuewire/protocol'
import { cameraMotion } from './camera-motion.js'
import { lightOf, timeOf } from './light.js'
import type { MotionSpan } from './motion-watch.js'
import type { PictureStatistics } from './picture-statistics.js'
import { placeOf } from './place-of-shot.js'
import type { ShotLabel } from './shot-labels.js'

const PALETTE = 5
/** A colour of a smaller share of the picture is left out. */
const LEAST_SHARE = 0.03

/** What was measured in a shot. */
export interface ShotMeasures {
  readonly pictures: readonly PictureStatistics[]
  readonly motion: readonly MotionSpan[]
  readonly labels: readonly ShotLabel[]
}

/** Describes a shot. Of a shot too short for a sampled picture only the motion is known. */
export function describeShot({ index, start, end }: Shot, { pictures, motion, labels }: ShotMeasures): Scene {
  const span = { index, start, end }
  const camera = cameraMotion(motion.filter(each => each.end <= end + 1e-3))
  const picture = meanOf(pictures)
  if (!picture) return { ...span, place: 'unknown', band: 'low', why: [], ...camera, palette: [] }
  const found = placeOf(picture, labels)
  const time = timeOf(found.place, picture)
  const light = lightOf(picture)
  return { ...span, ...found, light, ...(time && { time }), ...camera, palette: paletteOf(picture) }
}

function meanOf(pictures: readonly PictureStatistics[]): PictureStatistics | undefined {
  const [first] = pictures
  if (!first) return undefined
  const mean = (value: (picture: PictureStatistics) => number) =>
    pictures.reduce((sum, picture) => sum + value(picture), 0) / pictures.length
  return {
    luma: mean(({ luma }) => luma),
    light: mean(({ light }) => light),
    flat: mean(({ flat }) => flat),
    steps: mean(({ steps }) => steps),
    soft: mean(({ soft }) => soft),
    ground: mean(({ ground }) => ground),
    groundSpread: mean(({ groundSpread }) => groundSpread),
    mainColours: mean(({ mainColours }) => mainColours),
    text: mean(({ text }) => text),
    sky: mean(({ sky }) => sky),
    greenery: mean(({ greenery }) => greenery),
    colours: first.colours.map((_, at) => mean(({ colours }) => colours[at] ?? 0)),
  }
}

function paletteOf({ colours }: PictureStatistics): Scene['palette'] {
  return COLOURS.map((colour, at) => ({ colour, share: Math.round(100 * (colours[at] ?? 0)) / 100 }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, PALETTE)
}
