import type { Citation, Seconds, TranscriptSegment, Video } from '@cuewire/protocol'
import { allItems } from '../../content/items.js'
import type { TextWork } from '../../text-work/text-work.js'
import type { TimeReference } from '../time-reference.js'
import {
  type Evidence,
  type EvidencePorts,
  type EvidenceStore,
  passage,
  sentencesIn,
  type UnnumberedPassage,
} from './evidence.js'
import { chapterPassage } from './overview.js'

interface Span {
  readonly start: Seconds
  readonly end: Seconds
}

/** A moment is this much around its second. */
const AROUND: Seconds = 5
/** The beginning, middle and end of a video are this share of it, within bounds in seconds. */
const PART = { share: 0.1, least: 10, most: 60 }
const SENTENCES = 4
const LABELS = 5

/** What is said and seen at a time. */
export async function momentEvidence(
  { store, text }: EvidencePorts,
  video: Video,
  time: TimeReference,
): Promise<Evidence> {
  const { duration } = video.media
  const asked = time.kind === 'at' ? time.at : time.kind === 'span' ? time.start : 0
  if (asked > duration) return { abstain: { code: 'time_past_end', asked, duration } }
  const span = spanOf(time, duration)
  // A chapter without keywords was made from shots alone: its title says nothing.
  const chapter = (await allItems(store.content, video.id, 'chapters')).find(
    ({ start, end, keywords }) => start <= span.start && span.start < end && keywords.length > 0,
  )
  const sentences = await pickSentences(text, await sentencesIn(store, video.id, span), time)
  const labels = (await allItems(store.content, video.id, 'objects')).flatMap(({ label, band, spans }) => {
    if (band === 'low') return []
    const seen = spans.find(({ start, end }) => start < span.end && end > span.start)
    return seen ? passage(video, 'object', { ...seen, text: label }) : []
  })
  const passages = [
    ...sentences.map(sentence => passage(video, 'transcript', sentence)),
    ...labels.slice(0, LABELS),
    ...(chapter ? [await chapterPassage(store, video, chapter)] : []),
  ]
  if (passages.length === 0) return { abstain: { code: 'nothing_at', at: time.kind === 'at' ? time.at : span.start } }
  return { passages, confidence: sentences.length > 0 ? 'high' : 'medium' }
}

/** What is said right after, or before, what was cited last. */
export async function besideEvidence(
  store: EvidenceStore,
  video: Video,
  { cited, direction }: { readonly cited: Pick<Citation, 'start' | 'end'>; readonly direction: 'after' | 'before' },
): Promise<Evidence> {
  const after = direction === 'after'
  const span = after ? { start: cited.end, end: video.media.duration + 1 } : { start: 0, end: cited.start }
  const near = await sentencesIn(
    store,
    video.id,
    after ? { ...span, limit: 4 } : { ...span, start: Math.max(0, span.end - 60) },
  )
  const fits = near.filter(({ start, end }) => (after ? start >= cited.end - 0.05 : end <= cited.start + 0.05))
  const sentences = after ? fits.slice(0, 2) : fits.slice(-2)
  if (sentences.length === 0)
    return { abstain: { code: 'nothing_beside', direction, at: after ? cited.end : cited.start } }
  return { passages: sentences.map(sentence => passage(video, 'transcript', sentence)), confidence: 'high' }
}

/** The span of media time that a reference names in a video of this length. */
export function spanOf(time: TimeReference, duration: Seconds): Span {
  const part = Math.min(PART.most, Math.max(PART.least, duration * PART.share))
  switch (time.kind) {
    case 'at':
      return { start: Math.max(0, time.at - AROUND), end: time.at + AROUND }
    case 'span':
      return { start: time.start, end: Math.max(time.end, time.start + 1) }
    case 'start':
      return { start: 0, end: part }
    case 'middle':
      return { start: Math.max(0, (duration - part) / 2), end: (duration + part) / 2 }
    case 'end':
      return { start: Math.max(0, duration - (time.seconds ?? part)), end: duration }
  }
}

/** At a second: the sentences spoken then. Over a span: those that say most of it, in order. */
async function pickSentences(
  text: TextWork,
  sentences: readonly TranscriptSegment[],
  time: TimeReference,
): Promise<TranscriptSegment[]> {
  if (time.kind === 'at') {
    const spoken = sentences.filter(({ start, end }) => start <= time.at + 1 && end >= time.at - 1)
    return spoken.length > 0 ? spoken.slice(0, SENTENCES) : nearest(sentences, time.at)
  }
  if (time.kind === 'end') return sentences.slice(-SENTENCES)
  if (time.kind !== 'span') return sentences.slice(0, SENTENCES)
  const scores = await text.run(
    'centralities',
    sentences.map(sentence => sentence.text),
  )
  return sentences
    .map((sentence, at) => ({ sentence, score: scores[at] ?? 0 }))
    .sort((a, b) => b.score - a.score)
    .slice(0, SENTENCES)
    .map(({ sentence }) => sentence)
    .sort((a, b) => a.start - b.start)
}

function nearest(sentences: readonly TranscriptSegment[], at: Seconds): TranscriptSegment[] {
  const distance = ({ start, end }: TranscriptSegment) => Math.max(start - at, at - end)
  return [...sentences].sort((a, b) => distance(a) - distance(b)).slice(0, 1)
}

/** Passages within the time a question names. */
export function within(passages: readonly UnnumberedPassage[], span: Span): UnnumberedPassage[] {
  return passages.filter(({ start, end }) => start < span.end && end > span.start)
}
