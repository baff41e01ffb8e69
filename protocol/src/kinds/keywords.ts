import { type Static, Type } from '@sinclair/typebox'
import { Count, Label, object, Seconds } from '../primitives.js'
import { kind } from './kind.js'

/** A term of the whole video, with the span in which it is first said or shown. */
export const Keyword = object({
  index: Count,
  text: Label,
  weight: Type.Number({ minimum: 0, maximum: 1, description: 'importance relative to the first keyword, which has 1' }),
  times: Type.Integer({ minimum: 1, description: 'how often it is said or shown' }),
  start: Seconds,
  end: Seconds,
})
export type Keyword = Static<typeof Keyword>

export const keywords = kind(
  Keyword,
  { index: 0, text: 'fishing boats', weight: 1, times: 5, start: 28.04, end: 34.02 },
  {
    description:
      'Lists the keywords of the whole video, most important first. Those of a chapter are in `chapters.get`.',
    stage: 'chapters',
    get: 'keywords.get',
    field: 'keywords',
    position: ({ index }) => index,
    span: item => item,
    event: {
      name: 'content.keywords',
      topic: 'video',
      description: 'The keywords were replaced. The event holds all of them.',
      most: 50,
      whole: true,
    },
  },
)
