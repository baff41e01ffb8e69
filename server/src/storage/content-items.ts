import type {
  Chapter,
  FrameDetections,
  LabelSummary,
  Modality,
  Seconds,
  Shot,
  TranscriptSegment,
} from '@cuewire/protocol'
import { plural } from './label-text.js'

/** A row of the full-text index that stands for an item. */
export interface ItemText {
  readonly modality: Modality
  readonly position: number
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
  /** Searched with the text, not shown. */
  readonly also: string
}

/** One thing a stage found, as it is stored: what it is looked up by, the thing itself, and what to search it by. */
export interface ContentItem {
  /** Order within its result; the same position again replaces the item. */
  readonly position: number
  readonly start: Seconds
  readonly end: Seconds
  readonly value: Shot | FrameDetections | TranscriptSegment | Chapter
  readonly text: ItemText | undefined
}

export function shotItem(shot: Shot): ContentItem {
  return { position: shot.index, start: shot.start, end: shot.end, value: shot, text: undefined }
}

export function frameItem(frame: FrameDetections): ContentItem {
  return { position: Math.round(frame.at * 1000), start: frame.at, end: frame.at, value: frame, text: undefined }
}

export function segmentItem(segment: TranscriptSegment): ContentItem {
  const { index: position, start, end, text } = segment
  return {
    position,
    start,
    end,
    value: segment,
    text: { modality: 'transcript', position, start, end, text, also: '' },
  }
}

export function chapterItem(chapter: Chapter): ContentItem {
  const { index: position, start, end, title, keywords, summary } = chapter
  const text = summary === undefined ? title : `${title}. ${summary}`
  const also = keywords.join(', ')
  return { position, start, end, value: chapter, text: { modality: 'chapter', position, start, end, text, also } }
}

/** A label is found at its longest span; one that is nowhere has no row. */
export function labelText(summary: LabelSummary, position: number): ItemText[] {
  const [first, ...others] = summary.spans
  if (first === undefined) return []
  const { start, end } = others.reduce(
    (best, span) => (span.end - span.start > best.end - best.start ? span : best),
    first,
  )
  return [{ modality: 'object', position, start, end, text: summary.label, also: plural(summary.label) }]
}
