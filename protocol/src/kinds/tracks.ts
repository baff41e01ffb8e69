import { type Static, Type } from '@sinclair/typebox'
import { Box, Confidence, count, Label, object, oneOf, Seconds } from '../primitives.js'
import { Colour } from './detections.js'
import { kind } from './kind.js'

export const DIRECTIONS = ['left', 'right', 'up', 'down', 'towards', 'away', 'still'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** One object followed from frame to frame, within one shot. */
export const Track = object({
  index: count('order of appearance; not every number occurs'),
  label: Label,
  start: Seconds,
  end: Seconds,
  colour: Type.Optional(Colour),
  direction: oneOf(DIRECTIONS, 'where it moves in the picture; `towards` and `away` are those of the camera'),
  frames: Type.Integer({ minimum: 1, description: 'sampled frames that show it' }),
  confidence: Confidence,
  from: Box,
  to: Box,
})
export type Track = Static<typeof Track>

export const tracks = kind(
  Track,
  {
    ...{ index: 4, label: 'car', start: 31, end: 36.5, colour: 'red', direction: 'left', frames: 11, confidence: 0.71 },
    from: { x: 0.7, y: 0.4, width: 0.2, height: 0.15 },
    to: { x: 0.05, y: 0.42, width: 0.2, height: 0.15 },
  },
  {
    description:
      'Lists the objects followed over time, in order of appearance, each with its colour, its direction, and its box when first and last seen.',
    stage: 'tracks',
    get: 'tracks.get',
    field: 'tracks',
    labels: true,
    position: track => track.index,
    span: track => track,
    event: {
      name: 'visual.tracks',
      topic: 'visual',
      description: 'Objects that left the picture since the previous `visual.tracks`.',
    },
    lane: {
      name: 'tracks',
      items: track => [{ start: track.start, end: track.end, label: trackText(track), confidence: track.confidence }],
    },
  },
)

const MOVEMENTS: Readonly<Record<Direction, string>> = {
  left: ', moving left',
  right: ', moving right',
  up: ', moving up',
  down: ', moving down',
  towards: ', coming closer',
  away: ', moving away',
  still: '',
}

/** A track in words: `red car, moving left`. */
export function trackText({ label, colour, direction }: Pick<Track, 'label' | 'colour' | 'direction'>): string {
  return `${colour === undefined ? label : `${colour} ${label}`}${MOVEMENTS[direction]}`
}
