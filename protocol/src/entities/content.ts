import { type Static, Type } from '@sinclair/typebox'
import { LANES } from '../kinds/table.js'
import { Confidence, object, oneOf, Seconds } from '../primitives.js'
import { text } from '../text.js'

export const TimelineItem = object({
  start: Seconds,
  end: Seconds,
  label: text({ maxLength: 300 }),
  confidence: Type.Optional(Confidence),
})
export type TimelineItem = Static<typeof TimelineItem>

export const TimelineLane = object({
  name: oneOf(LANES),
  items: Type.Array(TimelineItem, { maxItems: 5000 }),
})
export type TimelineLane = Static<typeof TimelineLane>
