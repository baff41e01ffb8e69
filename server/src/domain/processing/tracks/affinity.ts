import type { Box, Detection } from '@cuewire/protocol'
import { areaOf, iou } from '../../../lib/box.js'

/** Weights of overlap, distance, size and colour. Half a second apart, boxes of a fast object do not overlap. */
const WEIGHTS = { overlap: 0.4, distance: 0.35, size: 0.15, colour: 0.1 }
/** Standard deviation of the distance from the predicted centre, in diagonals of the boxes. */
const SPREAD = 0.6
/** Farther from its predicted place, or of a size changed by more, it is something else. */
const GATES = { distance: 1.5, size: 0.25 }
const COLOUR = { unknown: 0.7, other: 0.2 }
/** A detector may change its mind about the label, but not about the place. */
const OTHER_LABEL = { overlap: 0.5, factor: 0.5 }

/** Where an object is expected to be, and what it looked like. */
export interface Expected extends Pick<Detection, 'label' | 'colour'> {
  readonly box: Box
}

/** How well a detection fits what is expected, 0..1; 0 is not at all. */
export function affinity(expected: Expected, { label, box, colour }: Detection): number {
  const distance = centreDistance(expected.box, box)
  const [smaller = 0, larger = 1] = [areaOf(expected.box), areaOf(box)].sort((a, b) => a - b)
  const size = larger > 0 ? smaller / larger : 0
  if (distance > GATES.distance || size < GATES.size) return 0
  const overlap = iou(expected.box, box)
  const isSame = label === expected.label
  if (!isSame && overlap < OTHER_LABEL.overlap) return 0
  const score =
    WEIGHTS.overlap * overlap +
    WEIGHTS.distance * Math.exp(-(distance ** 2) / (2 * SPREAD ** 2)) +
    WEIGHTS.size * Math.sqrt(size) +
    WEIGHTS.colour * colourLikeness(expected.colour, colour)
  return isSame ? score : score * OTHER_LABEL.factor
}

function colourLikeness(a: Detection['colour'], b: Detection['colour']): number {
  if (a === undefined || b === undefined) return COLOUR.unknown
  return a === b ? 1 : COLOUR.other
}

/** Distance of the centres in diagonals, of the mean of both boxes. */
function centreDistance(a: Box, b: Box): number {
  const x = a.x + a.width / 2 - (b.x + b.width / 2)
  const y = a.y + a.height / 2 - (b.y + b.height / 2)
  const diagonal = (Math.hypot(a.width, a.height) + Math.hypot(b.width, b.height)) / 2
  return diagonal > 0 ? Math.hypot(x, y) / diagonal : Number.POSITIVE_INFINITY
}
