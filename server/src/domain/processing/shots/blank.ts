import type { TinyFrame } from './tiny-frame.js'

// A picture this flat, and this near to black or white, may be blank.
const LEVELS = 24
const DEVIATION = 12

/** Standard deviation of the levels about the mean colour, per channel. */
export const deviation = ({ variance }: TinyFrame) => Math.sqrt(variance / 3)

/** Which blank a picture may be: one that a shot was faded out to. */
export function blankness(frame: TinyFrame): 'black' | 'white' | undefined {
  if (deviation(frame) >= DEVIATION) return undefined
  if (Math.max(...frame.mean) < LEVELS) return 'black'
  return Math.min(...frame.mean) > 255 - LEVELS ? 'white' : undefined
}
