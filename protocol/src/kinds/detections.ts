import { type Static, Type } from '@sinclair/typebox'
import { Box, Confidence, Label, object, oneOf, Seconds } from '../primitives.js'
import { kind } from './kind.js'

// biome-ignore format: one line
export const COLOURS = ['black', 'grey', 'white', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown'] as const
export const Colour = oneOf(COLOURS, 'the colour of most of the object')
export type Colour = Static<typeof Colour>

export const Detection = object({ label: Label, confidence: Confidence, box: Box, colour: Type.Optional(Colour) })
export type Detection = Static<typeof Detection>

/** The objects found in the frame shown at `at`, which is shown until the next one or the end. */
export const FrameDetections = object({ at: Seconds, objects: Type.Array(Detection, { maxItems: 100 }) })
export type FrameDetections = Static<typeof FrameDetections>

export const detections = kind(
  FrameDetections,
  {
    at: 31,
    objects: [{ label: 'boat', confidence: 0.71, colour: 'white', box: { x: 0.2, y: 0.4, width: 0.3, height: 0.25 } }],
  },
  {
    description: 'Lists the objects in each analysed frame, in order. With a `label`, only the frames that show it.',
    stage: 'objects',
    get: 'detections.get',
    field: 'frames',
    labels: 'objects',
    position: frame => Math.round(frame.at * 1000),
    span: ({ at }) => ({ start: at, end: at }),
    event: {
      name: 'visual.objects',
      topic: 'visual',
      description:
        'Objects in the frames analysed since the previous `visual.objects`. Frames without objects are left out.',
      tells: frame => frame.objects.length > 0,
    },
  },
)
