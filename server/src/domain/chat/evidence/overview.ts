import type { Chapter, Video } from '@cuewire/protocol'
import { allItems } from '../../content/items.js'
import {
  type Evidence,
  type EvidenceStore,
  MAX_PASSAGES,
  passage,
  type Scope,
  type UnnumberedPassage,
} from './evidence.js'

/** Chapters told of one video, and of each of several. */
const CHAPTERS_OF_ONE = 12
const CHAPTERS_OF_EACH = 4
const LABELS = 8

/** What the whole is about: its chapters, else what is said first, else what is seen. */
export async function overviewEvidence(store: EvidenceStore, scope: Scope): Promise<Evidence> {
  const most = scope.videos.length > 1 ? CHAPTERS_OF_EACH : CHAPTERS_OF_ONE
  const passages: UnnumberedPassage[] = []
  for (const video of scope.videos) passages.push(...(await aboutVideo(store, video, most)))
  if (passages.length === 0) return { abstain: { code: 'no_content', videos: scope.videos.length } }
  return {
    passages: passages.slice(0, MAX_PASSAGES),
    confidence: passages[0]?.modality === 'chapter' ? 'high' : 'medium',
  }
}

/** One chapter by its place, -1 being the last. */
export async function chapterEvidence(store: EvidenceStore, scope: Scope, place: number): Promise<Evidence> {
  const [video] = scope.videos
  if (!video || scope.videos.length > 1) return { abstain: { code: 'which_video' } }
  const chapters = await allItems(store.content, video.id, 'chapters')
  const chapter = chapters.at(place)
  if (!chapter) return { abstain: { code: 'no_chapter', chapters: chapters.length } }
  return { passages: [chapterPassage(video, chapter)], confidence: 'high' }
}

/** How long the videos are. */
export async function durationEvidence(_store: EvidenceStore, scope: Scope): Promise<Evidence> {
  const passages = scope.videos.map(video =>
    passage(video, 'title', { start: 0, end: video.media.duration, text: video.title }),
  )
  return { passages, confidence: 'high' }
}

async function aboutVideo(store: EvidenceStore, video: Video, most: number): Promise<UnnumberedPassage[]> {
  const chapters = await allItems(store.content, video.id, 'chapters')
  const told = chapters.filter(chapter => chapter.summary)
  if (told.length > 0) return longest(told, most).map(chapter => chapterPassage(video, chapter))
  const { items } = await store.content.list(video.id, 'transcript', { limit: 3 })
  if (items.length > 0) return items.map(sentence => passage(video, 'transcript', sentence))
  const labels = (await allItems(store.content, video.id, 'objects')).slice(0, LABELS)
  return labels.flatMap(({ label, spans: [span] }) => (span ? passage(video, 'object', { ...span, text: label }) : []))
}

/** A chapter as a passage: its title, and the sentence that says most of it. */
export function chapterPassage(video: Video, chapter: Chapter): UnnumberedPassage {
  const text = chapter.summary ? `${chapter.title}: ${chapter.summary}` : chapter.title
  return passage(video, 'chapter', { start: chapter.start, end: chapter.end, text })
}

/** The longest chapters, in order of time. */
function longest(chapters: readonly Chapter[], most: number): Chapter[] {
  return [...chapters]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .slice(0, most)
    .sort((a, b) => a.start - b.start)
}
