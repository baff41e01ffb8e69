import type { Static } from '@sinclair/typebox'
import { LIMITS } from '../limits.js'
import { Box, Confidence, Count, object, oneOf, Seconds } from '../primitives.js'
import { line } from '../text.js'
import { kind } from './kind.js'

export const TEXT_ROLES = ['title', 'line'] as const

/** One line of text on the screen, for as long as it is shown at the same place. */
export const ScreenText = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  text: line({ minLength: 1, maxLength: LIMITS.textLength }),
  role: oneOf(TEXT_ROLES, 'the title of a slide, or any other line'),
  box: Box,
  confidence: Confidence,
})
export type ScreenText = Static<typeof ScreenText>

export const text = kind(
  ScreenText,
  {
    index: 3,
    start: 28,
    end: 57,
    text: 'Boats and harbour',
    role: 'title',
    box: { x: 0.09, y: 0.14, width: 0.42, height: 0.09 },
    confidence: 0.98,
  },
  {
    description:
      'Lists the lines of text on the screen by the time they appear, and in reading order. One line is one item, however long it is shown.',
    stage: 'text',
    get: 'text.get',
    field: 'lines',
    position: ({ index }) => index,
    span: item => item,
    event: {
      name: 'visual.text',
      topic: 'visual',
      description:
        'Lines of text that appeared or ended. A line is sent when it is read and again when it ends; the later one, with the same `index`, replaces the earlier.',
    },
    search: { modality: 'text', as: 'moment', text: ({ start, end, text }) => ({ start, end, text }) },
    lane: { name: 'text', items: ({ start, end, text, confidence }) => [{ start, end, label: text, confidence }] },
  },
)
