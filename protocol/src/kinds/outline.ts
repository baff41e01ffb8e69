import { type Static, Type } from '@sinclair/typebox'
import { Count, object, Seconds, Title } from '../primitives.js'
import { kind } from './kind.js'

const MAX_PARTS = 500

/** A section of the outline. `parts` are the chapters it groups or, if it is itself a chapter, the parts of a long one. */
export const OutlineSection = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  title: Title,
  parts: Type.Array(object({ start: Seconds, end: Seconds, title: Title }), {
    maxItems: MAX_PARTS,
    description: 'empty if the section is not divided',
  }),
})
export type OutlineSection = Static<typeof OutlineSection>

export const outline = kind(
  OutlineSection,
  {
    index: 1,
    start: 28.04,
    end: 83.4,
    title: 'Fishing',
    parts: [
      { start: 28.04, end: 57.2, title: 'Boats and harbour' },
      { start: 57.2, end: 83.4, title: 'Auction' },
    ],
  },
  {
    description:
      'Lists the outline of a video: sections that group its chapters. A video with few chapters has them as its sections, without `parts` unless they are long.',
    stage: 'outline',
    get: 'outline.get',
    field: 'sections',
    position: ({ index }) => index,
    span: section => section,
    event: {
      name: 'content.outline',
      topic: 'video',
      description: 'The outline was replaced. The event holds all of it.',
      most: 500,
      whole: true,
    },
    lane: { name: 'outline', items: ({ start, end, title }) => [{ start, end, label: title }] },
  },
)
