import {
  type Band,
  type Id,
  LIMITS,
  type Modality,
  type Seconds,
  type TranscriptSegment,
  type Video,
} from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { Store } from '../../../storage/store.js'
import { itemsOf } from '../../content/items.js'
import type { TextWork } from '../../text-work/text-work.js'
import type { Abstention, Gaps } from '../abstention.js'
import type { RankedPassage } from '../engine.js'

export type EvidenceStore = Pick<Store, 'content' | 'search'>

/** Dependencies for gathering evidence. Words are analysed in the text thread. */
export interface EvidencePorts {
  readonly store: EvidenceStore
  readonly text: TextWork
}

/** The videos a chat is about. For the whole library, `videos` are the newest few; searches cover all. */
export interface Scope {
  readonly videos: readonly Video[]
  readonly wholeLibrary: boolean
}

/** The result for a question: passages to answer from, or why there are none. */
export type Evidence =
  | { readonly passages: readonly UnnumberedPassage[]; readonly confidence: Band }
  | { readonly abstain: Abstention; readonly gaps?: Gaps; readonly passages?: readonly UnnumberedPassage[] }

export type UnnumberedPassage = Omit<RankedPassage, 'number'>

/** Most passages per question. */
export const MAX_PASSAGES = 50

/** A row of any kind as a passage. */
export function passage(
  video: Pick<Video, 'id' | 'title'>,
  modality: Modality,
  row: { readonly start: Seconds; readonly end: Seconds; readonly text: string; readonly relevance?: number },
): UnnumberedPassage {
  return {
    modality,
    videoId: video.id,
    videoTitle: video.title,
    start: row.start,
    end: row.end,
    text: cut(row.text, LIMITS.textLength),
    relevance: row.relevance ?? 1,
  }
}

/** Ids to search in; undefined is the whole library. */
export function idsOf(scope: Scope): Id[] | undefined {
  return scope.wholeLibrary ? undefined : scope.videos.map(video => video.id)
}

/** The sentences of a video within a span, at most `limit`. */
export async function sentencesIn(
  store: EvidenceStore,
  videoId: Id,
  { start, end, limit = 200 }: { readonly start: Seconds; readonly end: Seconds; readonly limit?: number },
): Promise<TranscriptSegment[]> {
  const sentences: TranscriptSegment[] = []
  for await (const sentence of itemsOf(store.content, videoId, 'transcript', { start, end })) {
    if (sentences.push(sentence) === limit) break
  }
  return sentences
}
