import type { Place, Scene } from '@cuewire/protocol'
import type { PictureLook } from './picture-statistics.js'

/** Mean brightness, 0..255, below which a picture is dark, dim, or normal. */
const DARK = 40
const DIM = 75
const BRIGHT = 175
/** The brightest tenth of a dark picture may be lamps; of a dim one it must be dim as well. */
const DIM_LIGHT = 150
/** Share of blue sky that shows that it is day. */
const DAY_SKY = 0.08

const OUTDOOR: ReadonlySet<Place> = new Set(['street', 'nature', 'water', 'snow', 'outdoor'])

export function lightOf({ luma, light }: Pick<PictureLook, 'luma' | 'light'>): Scene['light'] {
  if (luma < DARK) return 'dark'
  if (luma < DIM || (luma < BRIGHT / 2 && light < DIM_LIGHT)) return 'dim'
  return luma < BRIGHT ? 'normal' : 'bright'
}

/** Day or night, if it is plain: outdoors, a blue sky or a bright picture is day, and a dark picture is night. */
export function timeOf(place: Place, look: PictureLook): Scene['time'] | undefined {
  if (!OUTDOOR.has(place)) return undefined
  const level = lightOf(look)
  if (level === 'dark') return 'night'
  const isLit = level === 'normal' || level === 'bright'
  return isLit && (look.sky >= DAY_SKY || level === 'bright') ? 'day' : undefined
}
