import { COLOURS, type Scene, type Shot } from '@cuewire/protocol'
import { cameraMotion } from './camera-motion.js'
import { lightOf, timeOf } from './light.js'
import type { MotionSpan } from './motion-watch.js'
import type { PictureLook, PictureStatistics } from './picture-statistics.js'
import { placeOf } from './place-of-shot.js'
import type { ShotLabel } from './shot-labels.js'

const PALETTE = 5
/** A colour of a smaller share of the picture is left out. */
const LEAST_SHARE = 0.03

const UNKNOWN: Pick<Scene, 'place' | 'band' | 'why'> = { place: 'unknown', band: 'low', why: [] }
/** Of a shot without any frame, as after a gap in a damaged file. */
const DARKNESS: PictureLook = { luma: 0, light: 0, sky: 0, colours: [] }

/** What was measured in a shot. */
export interface ShotMeasures {
  readonly pictures: readonly PictureStatistics[]
  readonly looks: readonly PictureLook[]
  readonly motion: readonly MotionSpan[]
  readonly labels: readonly ShotLabel[]
}

/** Describes a shot. Of a shot too short for a sampled picture the place is unknown. */
export function describeShot({ index, start, end }: Shot, { pictures, looks, motion, labels }: ShotMeasures): Scene {
  const camera = cameraMotion(motion.filter(each => each.end <= end + 1e-3))
  const picture = meanOf(pictures)
  const look = picture ?? meanOf(looks) ?? DARKNESS
  const found = picture ? placeOf(picture, labels) : UNKNOWN
  const time = timeOf(found.place, look)
  return {
    index,
    start,
    end,
    ...found,
    light: lightOf(look),
    ...(time && { time }),
    ...camera,
    palette: paletteOf(look),
  }
}

/** The mean of each measurement. */
function meanOf<T extends PictureLook>(all: readonly T[]): T | undefined {
  const [first] = all
  if (!first) return undefined
  const mean = (value: (one: T) => number) => all.reduce((sum, one) => sum + value(one), 0) / all.length
  const numbers = Object.entries(first).flatMap(([key, value]) =>
    typeof value === 'number' ? [[key, mean(one => Number(one[key as keyof T]))] as const] : [],
  )
  const colours = first.colours.map((_, at) => mean(one => one.colours[at] ?? 0))
  return { ...first, ...Object.fromEntries(numbers), colours }
}

function paletteOf({ colours }: PictureLook): Scene['palette'] {
  return COLOURS.map((colour, at) => ({ colour, share: Math.round(100 * (colours[at] ?? 0)) / 100 }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, PALETTE)
}
