import { type Static, Type } from '@sinclair/typebox'
import { Box, Confidence, Count, Label, object, oneOf, Seconds, Text, TimeRange, Title } from '../primitives.js'

export const Word = object({
  text: Type.String({ minLength: 1, maxLength: 200 }),
  start: Seconds,
  end: Seconds,
  confidence: Confidence,
})
export type Word = Static<typeof Word>

export const TRANSCRIPT_SOURCES = ['speech', 'embedded', 'given'] as const

/** One sentence of the transcript. Segments given as subtitles have no words unless the cues time them. */
export const TranscriptSegment = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  text: Text,
  confidence: Confidence,
  source: oneOf(TRANSCRIPT_SOURCES, 'recognised speech, subtitles in the file, or subtitles given'),
  language: Type.Optional(Type.String({ maxLength: 35 })),
  words: Type.Array(Word, { maxItems: 2000 }),
})
export type TranscriptSegment = Static<typeof TranscriptSegment>

/** A run of frames from one camera; `transition` is how it begins. */
export const Shot = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  transition: oneOf(['start', 'cut', 'gradual']),
})
export type Shot = Static<typeof Shot>

export const Detection = object({ label: Label, confidence: Confidence, box: Box })
export type Detection = Static<typeof Detection>

/** The objects found in the frame shown at `at`, which is shown until the next one or the end. */
export const FrameDetections = object({ at: Seconds, objects: Type.Array(Detection, { maxItems: 100 }) })
export type FrameDetections = Static<typeof FrameDetections>

/** Where in the video a label was seen: the frames that show it, joined into spans. */
export const LabelSummary = object({
  label: Label,
  frames: Count,
  maxCount: Type.Integer({ minimum: 1, description: 'most seen at once' }),
  confidence: Confidence,
  spans: Type.Array(TimeRange, { maxItems: 1000 }),
})
export type LabelSummary = Static<typeof LabelSummary>

export const Chapter = object({
  index: Count,
  start: Seconds,
  end: Seconds,
  title: Title,
  keywords: Type.Array(Label, { maxItems: 20 }),
  summary: Type.Optional(Text),
})
export type Chapter = Static<typeof Chapter>

export const LANES = ['chapters', 'shots', 'transcript', 'objects'] as const

export const TimelineItem = object({
  start: Seconds,
  end: Seconds,
  label: Type.String({ maxLength: 300 }),
  confidence: Type.Optional(Confidence),
})
export type TimelineItem = Static<typeof TimelineItem>

export const TimelineLane = object({
  name: oneOf(LANES),
  items: Type.Array(TimelineItem, { maxItems: 5000 }),
})
export type TimelineLane = Static<typeof TimelineLane>
