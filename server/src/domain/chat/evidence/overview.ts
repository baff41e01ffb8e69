import { type Chapter, LIMITS, labelText, type Video } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
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
/** Sentences that begin with the same words, of which one is looked for. */
const SAME_WORDS = 50

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
  return { passages: [await chapterPassage(store, video, chapter)], confidence: 'high' }
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
  if (told.length > 0)
    return await Promise.all(longest(told, most).map(chapter => chapterPassage(store, video, chapter)))
  const { items } = await store.content.list(video.id, 'transcript', { limit: 3 })
  if (items.length > 0) return items.map(sentence => passage(video, 'transcript', sentence))
  const labels = (await allItems(store.content, video.id, 'objects')).slice(0, LABELS)
  return labels.flatMap(({ label, band, spans: [span] }) =>
    span ? passage(video, 'object', { ...span, text: labelText({ label, band }) }) : [],
  )
}

/** A chapter as a passage: its title, and the sentence that says most of it, at the time when that is said. */
export async function chapterPassage(store: EvidenceStore, video: Video, chapter: Chapter): Promise<UnnumberedPassage> {
  const { title, summary, start, end } = chapter
  if (!summary) return passage(video, 'chapter', { start, end, text: title })
  const sentence = (await sentenceOf(store, video, chapter)) ?? { start, end }
  const quoted = { start: sentence.start, end: sentence.end, text: `${title}: ${summary}` }
  return { ...passage(video, 'chapter', quoted), chapter: { start, end } }
}

/** The sentence that the summary of a chapter is. */
async function sentenceOf({ search }: EvidenceStore, video: Video, { summary = '', start, end }: Chapter) {
  const hits = await search.search({
    terms: [summary],
    videoIds: [video.id],
    modalities: ['transcript'],
    limit: SAME_WORDS,
  })
  return hits.find(hit => cut(hit.text, LIMITS.textLength) === summary && hit.start < end && hit.end > start)
}

/** The longest chapters, in order of time. */
function longest(chapters: readonly Chapter[], most: number): Chapter[] {
  return [...chapters]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .slice(0, most)
    .sort((a, b) => a.start - b.start)
}
