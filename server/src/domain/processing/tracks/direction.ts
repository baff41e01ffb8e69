import type { Box, Direction } from '@cuewire/protocol'

/** Less movement of the centre, in fractions of the picture and of the object's own size, is none. */
const STILL = { picture: 0.06, own: 0.3 }
/** Growth of the sides that means coming closer, and the movement across the picture that outweighs a doubling. */
const GROWTH = { least: 1.3, doubling: 0.4 }
/** A box this close to the edge of the picture may be cut off, so its size says nothing. */
const EDGE = 0.01

/** Where an object moves that was first and last seen in these boxes. */
export function directionOf(from: Box, to: Box): Direction {
  const across = centre(to.x, to.width) - centre(from.x, from.width)
  const along = centre(to.y, to.height) - centre(from.y, from.height)
  const own = Math.max(from.width, from.height, to.width, to.height)
  const moved = Math.max(Math.abs(across), Math.abs(along))
  const isStill = moved < STILL.picture || moved < STILL.own * own
  const growth = isCutOff(from) || isCutOff(to) ? 0 : Math.log2(sideOf(to) / sideOf(from))
  const grows = Math.abs(growth) >= Math.log2(GROWTH.least)
  if (grows && (isStill || Math.abs(growth) >= moved / GROWTH.doubling)) return growth > 0 ? 'towards' : 'away'
  if (isStill) return 'still'
  if (Math.abs(across) >= Math.abs(along)) return across < 0 ? 'left' : 'right'
  return along < 0 ? 'up' : 'down'
}

/** Whether the edge of the picture may cut off a part. */
export function isCutOff({ x, y, width, height }: Box): boolean {
  return x < EDGE || y < EDGE || x + width > 1 - EDGE || y + height > 1 - EDGE
}

const centre = (from: number, length: number) => from + length / 2
const sideOf = ({ width, height }: Box) => Math.sqrt(width * height)
