import { type Static, Type } from '@sinclair/typebox'
import { Band, Confidence, Count, Label, object, TimeRange } from '../primitives.js'
import { kind } from './kind.js'
import { plural } from './plural.js'

/** Where a label was seen: the frames that show it, merged into spans. */
export const LabelSummary = object({
  label: Label,
  frames: Count,
  maxCount: Type.Integer({ minimum: 1, description: 'most in one frame' }),
  confidence: Confidence,
  band: Band,
  spans: Type.Array(TimeRange, { maxItems: 1000 }),
})
export type LabelSummary = Static<typeof LabelSummary>

/** The label as it is shown to people. */
export function labelText({ label, band }: Pick<LabelSummary, 'label' | 'band'>): string {
  return band === 'low' ? `possibly ${label}` : label
}

export const objects = kind(
  LabelSummary,
  { label: 'boat', frames: 7, maxCount: 2, confidence: 0.71, band: 'medium', spans: [{ start: 30, end: 36.52 }] },
  {
    description:
      'Lists every label detected, with the spans that show it and a band: a label of band `low` may well be wrong. Labels seen longest and with most confidence come first, those of band `low` last.',
    stage: 'objects',
    get: 'objects.get',
    field: 'labels',
    labels: true,
    position: (_, at) => at,
    span: ({ spans }) => ({ start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? 0 }),
    search: {
      modality: 'object',
      as: 'moment',
      // Found at its longest span; a label without spans is not found.
      text: ({ label, band, spans: [first, ...others] }) => {
        if (first === undefined) return undefined
        const { start, end } = others.reduce((best, span) => (lengthOf(span) > lengthOf(best) ? span : best), first)
        return { start, end, text: labelText({ label, band }), also: plural(label) }
      },
    },
    lane: {
      name: 'objects',
      spread: true,
      items: summary => {
        const { confidence } = summary
        const label = labelText(summary)
        return summary.spans.map(({ start, end }) => ({ start, end, label, confidence }))
      },
    },
  },
)

const lengthOf = ({ start, end }: TimeRange) => end - start
