import type { Box } from '@cuewire/protocol'

interface Line {
  readonly box: Box
  readonly text: string
}

/** How much larger the letters of a title are than those of half of the other lines. */
const LARGER = 1.25
/** The least size of a title that stands alone, in heights of the picture. */
const ALONE = 0.06
/** A title begins above this, in heights of the picture. */
const LOWEST = 0.6

/** Heights of letters in sizes of the font: small ones, what rises above them, and what hangs below the line. */
const BODY = 0.55
const ASCENT = 0.18
const DESCENT = 0.21

/** The title among the lines of a picture: the largest one, if it is larger than the others and above most of them. */
export function titleOf<T extends Line>(lines: readonly T[]): T | undefined {
  const [largest, ...others] = lines.toSorted((a, b) => sizeOf(b) - sizeOf(a))
  if (!largest || largest.box.y > LOWEST) return undefined
  const size = sizeOf(largest)
  const middle = others[Math.floor(others.length / 2)]
  if (!middle) return size >= ALONE ? largest : undefined
  const below = others.filter(({ box }) => box.y > largest.box.y).length
  return size >= LARGER * sizeOf(middle) && below > others.length / 2 ? largest : undefined
}

/** The size of the font of a line, in heights of the picture; the height of its box depends on the letters in it. */
function sizeOf({ box, text }: Line): number {
  const ascent = /[^acegm-su-z\s.,;:_-]/.test(text) ? ASCENT : 0
  const descent = /[gjpqyQ,;()[\]{}|]/.test(text) ? DESCENT : 0
  return box.height / (BODY + ascent + descent)
}
