import { type Static, Type } from '@sinclair/typebox'
import { ALL_VOICES } from './speak.js'

const Time = Type.Number({ minimum: 0, description: 'seconds of the video' })
const span = { start: Time, end: Time }

/** What is known about the sample video beforehand: the truth that a run on it is measured against. */
export const Sample = Type.Object({
  file: Type.String({ description: 'the mp4 file' }),
  durationSeconds: Time,
  topics: Type.Array(
    Type.Object({
      title: Type.String(),
      ...span,
      voice: Type.Union(ALL_VOICES.map(voice => Type.Literal(voice))),
      sentences: Type.Array(Type.Object({ text: Type.String(), ...span }), { description: 'in the order spoken' }),
    }),
    { description: 'spans [start, end) that cover the video' },
  ),
  shots: Type.Array(Time, { description: 'the hard cuts, in order' }),
  dissolves: Type.Array(Type.Object(span), { description: 'in order' }),
  music: Type.Object(span),
  photographs: Type.Array(
    Type.Object({
      name: Type.String(),
      ...span,
      expectedLabels: Type.Array(Type.String(), { description: 'COCO objects plainly visible' }),
    }),
  ),
  questions: Type.Array(
    Type.Object({
      question: Type.String(),
      topicIndex: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'null: no answer in it' }),
    }),
  ),
  search: Type.Object({ query: Type.String(), topicIndex: Type.Integer({ minimum: 0 }) }),
})
export type Sample = Static<typeof Sample>
