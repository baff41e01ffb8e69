import { type Static, Type } from '@sinclair/typebox'
import { Count, object, oneOf, Seconds } from '../primitives.js'
import { kind } from './kind.js'

/** Half-open span of a dissolve, or of a fade from full picture to full picture through black or white. */
const Gradual = object({ type: oneOf(['dissolve', 'fade']), start: Seconds, end: Seconds })

/**
 * A run of frames from one camera. `transition` is how it starts. If that is `gradual`, `gradual` says how and over what span, and
 * `start` is where the new shot outweighs the old one, or the middle of the blank part of a fade.
 */
export const Shot = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  transition: oneOf(['start', 'cut', 'gradual']),
  gradual: Type.Optional(Gradual),
})
export type Shot = Static<typeof Shot>

export const shots = kind(
  Shot,
  { index: 2, start: 28.04, end: 36.52, transition: 'cut' },
  {
    description: 'Lists the shots of a video in order.',
    stage: 'shots',
    get: 'shots.get',
    field: 'shots',
    position: shot => shot.index,
    span: shot => shot,
    event: {
      name: 'visual.shots',
      topic: 'visual',
      description: 'Shots that ended since the previous `visual.shots`.',
    },
    lane: { name: 'shots', items: ({ start, end, index }) => [{ start, end, label: `Shot ${index + 1}` }] },
  },
)
