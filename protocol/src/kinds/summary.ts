import { type Static, Type } from '@sinclair/typebox'
import { Count, object, Seconds, Text } from '../primitives.js'
import { kind } from './kind.js'

/** A sentence of the summary: one that is said in the video, with its time. */
export const SummarySentence = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  text: Text,
  chapter: Type.Integer({ minimum: 0, description: 'index of the chapter it is from' }),
})
export type SummarySentence = Static<typeof SummarySentence>

export const summary = kind(
  SummarySentence,
  { index: 1, start: 31.48, end: 34.02, text: 'The boats leave before dawn.', chapter: 1 },
  {
    description:
      'Lists a few sentences of the transcript that together cover the chapters, in order of time. It is empty for a video without speech.',
    stage: 'outline',
    get: 'summary.get',
    field: 'sentences',
    position: ({ index }) => index,
    span: sentence => sentence,
    event: {
      name: 'content.summary',
      topic: 'video',
      description: 'The summary was replaced. The event holds all of it.',
      most: 50,
      whole: true,
    },
  },
)
