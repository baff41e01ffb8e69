import { type Chapter, LIMITS, labelText, type SummarySentence, type Video } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import { allItems } from '../../content/items.js'
import type { QuestionIntent } from '../intent.js'
import {
  type Evidence,
  type EvidenceStore,
  MAX_PASSAGES,
  passage,
  type Scope,
  type UnnumberedPassage,
} from './evidence.js'

/** Chapters, sections or sentences told of one video, and of each of several. */
const MOST_OF_ONE = 12
const MOST_OF_EACH = 4
const LABELS = 8
/** Sentences that begin with the same words, of which one is looked for. */
const SAME_WORDS = 50

/** How the whole is told: as a summary in sentences, or by its parts with their times. */
type Style = Extract<QuestionIntent, { kind: 'overview' }>['style']

interface About {
  readonly style: Style
  readonly most: number
}

/** What the whole is about: its summary or parts, else what is said first, else what is seen. */
export async function overviewEvidence(store: EvidenceStore, scope: Scope, style: Style): Promise<Evidence> {
  const most = scope.videos.length > 1 ? MOST_OF_EACH : MOST_OF_ONE
  const found: (readonly UnnumberedPassage[])[] = []
  let isSure = true
  for (const video of scope.videos) {
    const covering = await coveringPassages(store, video, { style, most })
    const passages = covering.length > 0 ? covering : await firstPassages(store, video)
    // The answer starts with the first video that has anything.
    if (found.length === 0) isSure = covering.length > 0
    if (passages.length > 0) found.push(passages)
  }
  const passages = found.flat()
  if (passages.length === 0) return { abstain: { code: 'no_content', videos: scope.videos.length } }
  return { passages: passages.slice(0, MAX_PASSAGES), confidence: isSure ? 'high' : 'medium' }
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

/** Passages that cover a whole video: its summary, sections or chapters. None before they are found. */
async function coveringPassages(
  store: EvidenceStore,
  video: Video,
  { style, most }: About,
): Promise<readonly UnnumberedPassage[]> {
  const summary = await allItems(store.content, video.id, 'summary')
  if (style === 'summary' && summary.length > 0)
    return evenly(summary, most).map(sentence => passage(video, 'transcript', sentence))
  const outline = await allItems(store.content, video.id, 'outline')
  if (style === 'moments' && outline.some(({ parts }) => parts.length > 0))
    return outline.slice(0, most).map(({ start, end, title, parts }) => {
      const text = parts.length > 0 ? `${title}: ${parts.map(part => part.title).join('; ')}` : title
      return passage(video, 'chapter', { start, end, text })
    })
  const chapters = await allItems(store.content, video.id, 'chapters')
  const told = longest(
    chapters.filter(chapter => chapter.summary),
    most,
  )
  return await Promise.all(told.map(chapter => chapterPassage(store, video, withSentence(chapter, summary))))
}

/** The chapter with the sentence that the summary of the video has from it, if any: that one stands alone. */
function withSentence(chapter: Chapter, summary: readonly SummarySentence[]): Chapter {
  const sentence = summary.find(({ chapter: index }) => index === chapter.index)
  return sentence ? { ...chapter, summary: sentence.text } : chapter
}

/** At most so many of the items, spread over all of them. */
function evenly<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, items.length / most)
  return items.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
}

/** What is said first, else what is seen. */
async function firstPassages(store: EvidenceStore, video: Video): Promise<UnnumberedPassage[]> {
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
