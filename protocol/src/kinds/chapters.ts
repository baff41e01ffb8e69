import { type Static, Type } from '@sinclair/typebox'
import { Count, Label, object, Seconds, Text, Title } from '../primitives.js'
import { kind } from './kind.js'

export const Chapter = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  title: Title,
  keywords: Type.Array(Label, { maxItems: 20 }),
  summary: Type.Optional(Text),
})
export type Chapter = Static<typeof Chapter>

export const chapters = kind(
  Chapter,
  { index: 1, start: 28.04, end: 57.2, title: 'Boats and harbour', keywords: ['boats', 'harbour', 'tide'] },
  {
    description: 'Lists the chapters of a video in order.',
    stage: 'chapters',
    get: 'chapters.get',
    field: 'chapters',
    position: chapter => chapter.index,
    span: chapter => chapter,
    event: {
      name: 'content.chapters',
      topic: 'video',
      description: 'The chapters were replaced. The event holds all of them.',
      most: 500,
      whole: true,
    },
    search: {
      modality: 'chapter',
      as: 'context',
      text: ({ start, end, title, summary, keywords }) => ({
        start,
        end,
        text: summary === undefined ? title : `${title}. ${summary}`,
        also: keywords.join(', '),
      }),
    },
    lane: { name: 'chapters', items: ({ start, end, title }) => [{ start, end, label: title }] },
  },
)
