import type { Box } from '@cuewire/protocol'

interface Boxed {
  readonly box: Box
}

/** How much higher a title is than half of the other lines. */
const LARGER = 1.25
/** The least height of a title that stands alone, in heights of the picture. */
const ALONE = 0.06
/** A title begins above this, in heights of the picture. */
const LOWEST = 0.6

/** The title among the lines of a picture: the largest line, if it is larger than the others and above most of them. */
export function titleOf<T extends Boxed>(lines: readonly T[]): T | undefined {
  const [largest, ...others] = lines.toSorted((a, b) => b.box.height - a.box.height)
  if (!largest || largest.box.y > LOWEST) return undefined
  if (others.length === 0) return largest.box.height >= ALONE ? largest : undefined
  const median = others[Math.floor(others.length / 2)]?.box.height ?? 0
  const below = others.filter(({ box }) => box.y > largest.box.y).length
  return largest.box.height >= LARGER * median && below > others.length / 2 ? largest : undefined
}
