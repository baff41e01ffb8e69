import type { Static } from '@sinclair/typebox'
import { Band, Confidence, Count, Label, object, Seconds } from '../primitives.js'
import { kind } from './kind.js'
import { labelText } from './objects.js'

/** A sound other than speech and music, such as applause, from its start to its end. */
export const Sound = object({
  index: Count,
  label: Label,
  start: Seconds,
  end: Seconds,
  confidence: Confidence,
  band: Band,
})
export type Sound = Static<typeof Sound>

export const sounds = kind(
  Sound,
  { index: 0, label: 'applause', start: 61.2, end: 66.48, confidence: 0.87, band: 'high' },
  {
    description:
      'Lists sounds such as applause, laughter, dogs and engines, in the order they ended. It needs a model of audio events; a sound of band `low` may well be something else.',
    stage: 'audio',
    get: 'sounds.get',
    field: 'sounds',
    labels: true,
    position: ({ index }) => index,
    span: item => item,
    event: {
      name: 'audio.sounds',
      topic: 'video',
      description: 'Sounds that ended since the previous `audio.sounds`.',
    },
    search: {
      modality: 'sound',
      as: 'moment',
      text: ({ start, end, label, band }) => ({
        start,
        end,
        text: labelText({ label, band }),
        also: `sound of ${label}`,
      }),
    },
    lane: {
      name: 'sounds',
      spread: true,
      items: ({ start, end, label, band, confidence }) => [
        { start, end, label: labelText({ label, band }), confidence },
      ],
    },
  },
)
