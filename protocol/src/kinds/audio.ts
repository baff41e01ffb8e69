import { type Static, Type } from '@sinclair/typebox'
import { Confidence, Count, object, oneOf, Seconds } from '../primitives.js'
import { kind } from './kind.js'

export const SOUND_TYPES = ['speech', 'music', 'silence', 'other'] as const
export type SoundType = (typeof SOUND_TYPES)[number]

/** A span of one type of sound. The spans of a video cover all of its audio. */
export const AudioSpan = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  type: oneOf(SOUND_TYPES, 'what is heard most; speech over music is `speech`'),
  confidence: Confidence,
})
export type AudioSpan = Static<typeof AudioSpan>

export const audio = kind(
  AudioSpan,
  { index: 1, start: 12, end: 47.5, type: 'music', confidence: 0.93 },
  {
    description: 'Lists the spans of speech, music, silence and other sound in order.',
    stage: 'audio',
    get: 'audio.get',
    field: 'spans',
    position: ({ index }) => index,
    span: item => item,
    event: {
      name: 'audio.spans',
      topic: 'video',
      description: 'Spans of speech, music, silence or other sound that ended since the previous `audio.spans`.',
    },
    lane: { name: 'audio', items: ({ start, end, type, confidence }) => [{ start, end, label: type, confidence }] },
  },
)

/** Loudness that counts as none, the absolute gate of BS.1770. */
export const LOUDNESS_FLOOR = -70

/** Loudness of a stretch of audio, at most ten seconds. */
export const LoudnessCurve = object({
  start: Seconds,
  end: Seconds,
  levels: Type.Array(Type.Number({ minimum: LOUDNESS_FLOOR, maximum: 10, description: 'LUFS, -70 or less is -70' }), {
    minItems: 1,
    maxItems: 10,
    description: 'the greatest momentary loudness of each second',
  }),
})
export type LoudnessCurve = Static<typeof LoudnessCurve>

export const loudness = kind(
  LoudnessCurve,
  { start: 30, end: 34, levels: [-23.4, -21.9, -22.6, -70] },
  {
    description:
      'Lists the loudness of the audio, second by second (ITU-R BS.1770, momentary), measured on the mono 16 kHz sound that is analysed.',
    stage: 'audio',
    get: 'loudness.get',
    field: 'curves',
    position: ({ start }) => Math.round(start),
    span: item => item,
    event: {
      name: 'audio.loudness',
      topic: 'video',
      description: 'The loudness of the audio heard since the previous `audio.loudness`.',
    },
    lane: {
      name: 'loudness',
      items: ({ start, end, levels }) => [{ start, end, label: `${Math.max(...levels)} LUFS` }],
    },
  },
)
