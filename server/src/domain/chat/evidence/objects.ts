import { type Band, type LabelSummary, labelText, type Video } from '@cuewire/protocol'
import { allItems } from '../../content/items.js'
import {
  type Evidence,
  type EvidenceStore,
  MAX_PASSAGES,
  passage,
  type Scope,
  type UnnumberedPassage,
} from './evidence.js'

const LISTED = 12
const SPANS = 6
const BANDS: readonly Band[] = ['high', 'medium', 'low']

/** Where the objects asked for are seen, or, without labels, the objects seen most. The surest labels come first. */
export async function objectEvidence(store: EvidenceStore, scope: Scope, asked: readonly string[]): Promise<Evidence> {
  const seen: { readonly video: Video; readonly label: LabelSummary }[] = []
  for (const video of scope.videos)
    for (const label of await allItems(store.content, video.id, 'objects', asked.length > 0 ? { labels: asked } : {}))
      seen.push({ video, label })
  if (seen.length === 0)
    return { abstain: asked.length === 0 ? { code: 'no_objects' } : { code: 'objects_not_seen', labels: asked } }
  const bands = BANDS.filter(band => seen.some(({ label }) => label.band === band))
  const surestFirst = bands.flatMap(band => seen.filter(({ label }) => label.band === band))
  const passages = surestFirst.flatMap(({ video, label }) => spansOf(video, label, asked.length === 0 ? 1 : SPANS))
  const [best = 'low'] = bands
  return {
    passages: passages.slice(0, asked.length === 0 ? LISTED : MAX_PASSAGES),
    // One object that was certainly seen answers whether there is one. A list is only as sure as all of it.
    confidence: best === 'high' && asked.length === 0 && bands.length > 1 ? 'medium' : best,
  }
}

/** The spans of a label, longest first chosen, in order of time; the text tells how many were seen at once. */
function spansOf(video: Video, summary: LabelSummary, most: number): UnnumberedPassage[] {
  const { spans, maxCount, confidence, band } = summary
  const label = labelText(summary)
  const text = maxCount > 1 ? `${label} (up to ${maxCount} at once)` : label
  return [...spans]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .slice(0, most)
    .sort((a, b) => a.start - b.start)
    .map(span => ({ ...passage(video, 'object', { ...span, text, relevance: confidence }), band }))
}
