import { type Static, Type } from '@sinclair/typebox'
import { Band, object, oneOf, Seconds } from '../primitives.js'
import { line } from '../text.js'
import { COLOURS } from './detections.js'
import { kind } from './kind.js'

/** Places, each with the setting it belongs to, and other words under which it is found. */
const PLACE_TABLE = {
  slide: { setting: 'screen', also: ['presentation'] },
  drawing: { setting: 'screen', also: ['cartoon', 'animation', 'illustration'] },
  people: { setting: undefined, also: ['close-up', 'portrait'] },
  street: { setting: 'outdoor', also: ['road', 'outdoors', 'outside'] },
  nature: { setting: 'outdoor', also: ['landscape', 'outdoors', 'outside'] },
  water: { setting: 'outdoor', also: ['outdoors', 'outside'] },
  snow: { setting: 'outdoor', also: ['outdoors', 'outside'] },
  outdoor: { setting: 'outdoor', also: ['outdoors', 'outside'] },
  office: { setting: 'indoor', also: ['workplace', 'indoors', 'inside'] },
  kitchen: { setting: 'indoor', also: ['indoors', 'inside'] },
  'living room': { setting: 'indoor', also: ['lounge', 'indoors', 'inside'] },
  bedroom: { setting: 'indoor', also: ['indoors', 'inside'] },
  bathroom: { setting: 'indoor', also: ['indoors', 'inside'] },
  indoor: { setting: 'indoor', also: ['indoors', 'inside'] },
  unknown: { setting: undefined, also: [] },
} as const

export type Place = keyof typeof PLACE_TABLE
export const PLACES = Object.keys(PLACE_TABLE) as [Place, ...Place[]]

export const PLACE_REASONS = [
  'objects',
  'large_person',
  'flat_ground',
  'few_colours',
  'sharp_edges',
  'text_lines',
  'sky',
  'greenery',
  'blank',
] as const
export type PlaceReason = (typeof PLACE_REASONS)[number]

const Reason = object({
  code: oneOf(PLACE_REASONS),
  seen: line({ minLength: 1, maxLength: 200, description: 'what was seen, in words' }),
})

const PaletteEntry = object({
  colour: oneOf(COLOURS),
  share: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'share of the picture' }),
})

export const LIGHTS = ['dark', 'dim', 'normal', 'bright'] as const
export const CAMERA_MOTIONS = [
  'still',
  'pan left',
  'pan right',
  'tilt up',
  'tilt down',
  'zoom in',
  'zoom out',
  'shake',
  'mixed',
] as const
export type CameraMotion = (typeof CAMERA_MOTIONS)[number]

/** What one shot shows: kind of place, light, colours and motion. `why` is the evidence for the place. */
export const Scene = object({
  index: Type.Integer({ minimum: 0, description: 'that of the shot' }),
  start: Seconds,
  end: Seconds,
  place: oneOf(PLACES, 'a `slide` may be any screen with text; `unknown` if the evidence does not suffice'),
  band: Band,
  why: Type.Array(Reason, { maxItems: PLACE_REASONS.length }),
  light: oneOf(LIGHTS),
  time: Type.Optional(oneOf(['day', 'night'], 'only outdoors, and only if the picture shows it')),
  camera: oneOf(CAMERA_MOTIONS, 'how the camera moves for most of the shot; `mixed` if in several ways'),
  moving: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'share of the picture in which things move, on average, besides the camera',
  }),
  palette: Type.Array(PaletteEntry, { maxItems: 5, description: 'the most frequent colours, the largest share first' }),
})
export type Scene = Static<typeof Scene>

/** The place in words: `street, outdoor, at night`. A place of band `low` is called possible. */
export function placeText({ place, band, time }: Pick<Scene, 'place' | 'band' | 'time'>): string {
  const { setting } = PLACE_TABLE[place]
  const words = [place, ...(setting !== undefined && setting !== place ? [setting] : [])]
  const when = { day: ['by day'], night: ['at night'] }
  return `${band === 'low' ? 'possibly ' : ''}${[...words, ...(time ? when[time] : [])].join(', ')}`
}

export const scenes = kind(
  Scene,
  {
    ...{ index: 2, start: 28.04, end: 36.52, place: 'street', band: 'medium', light: 'normal', time: 'day' },
    ...{ camera: 'pan left', moving: 0.04 },
    why: [
      { code: 'objects', seen: 'car, traffic light' },
      { code: 'sky', seen: '21% of the picture' },
    ],
    palette: [
      { colour: 'grey', share: 0.52 },
      { colour: 'blue', share: 0.22 },
    ],
  },
  {
    description: 'Lists for each shot the kind of place it shows and why, with light, colours and motion.',
    stage: 'scenes',
    get: 'scenes.get',
    field: 'scenes',
    position: scene => scene.index,
    span: scene => scene,
    event: {
      name: 'visual.scenes',
      topic: 'visual',
      description: 'Scenes of the shots that ended since the previous `visual.scenes`.',
    },
    search: {
      modality: 'scene',
      as: 'context',
      // Places that may well be wrong are not found.
      text: scene => {
        const { start, end, place, band } = scene
        if (place === 'unknown' || band === 'low') return undefined
        return { start, end, text: `${placeText(scene)} (${PLACE_TABLE[place].also.join(', ')})` }
      },
    },
    lane: {
      name: 'scenes',
      items: scene =>
        scene.place === 'unknown' ? [] : [{ start: scene.start, end: scene.end, label: placeText(scene) }],
    },
  },
)
