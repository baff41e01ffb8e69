import type { Static } from '@sinclair/typebox'
import { Count, object, oneOf, Seconds } from '../primitives.js'
import { kind } from './kind.js'

/** A run of frames from one camera. `transition` is how it starts. */
export const Shot = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  transition: oneOf(['start', 'cut', 'gradual']),
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
