import { LIMITS, type MediaInfo, type Seconds } from '@cuewire/protocol'
import { toLine } from '../../lib/text.js'

/** A chapter as a file has it, in seconds from the start of the media; anything may be wrong with it. */
export interface RawChapter {
  readonly start: number
  readonly end: number
  readonly title: string | undefined
}

type FileChapters = MediaInfo['chapters']

/** No chapter is shorter than this. */
const MIN_SECONDS = 1
/** There are at most this many, so the shortest one is longer in a long film. */
const MAX_CHAPTERS = 400

/** The chapters of a file that make sense: inside the media, in order, none overlapping another or too short to be one. */
export function usableChapters(chapters: readonly RawChapter[], duration: Seconds): FileChapters {
  const shortest = Math.max(MIN_SECONDS, duration / MAX_CHAPTERS)
  const starts = chapters
    // One that begins a little after the media, as where the sound is padded, is the first: nothing comes before it.
    .map(chapter => ({ ...chapter, start: chapter.start < MIN_SECONDS ? 0 : chapter.start }))
    .sort((a, b) => a.start - b.start)
  const kept: RawChapter[] = []
  for (const chapter of starts) {
    if (chapter.start > 0 && chapter.start > duration - MIN_SECONDS) break
    const last = kept.at(-1)
    if (!last || chapter.start >= last.start + shortest) kept.push(chapter)
    // One without a length gives way to the real one at its place.
    else if (isStub(last) && !isStub(chapter)) kept[kept.length - 1] = { ...chapter, start: last.start }
  }
  return kept.map(({ start, end, title }, at) => {
    const next = kept[at + 1]?.start ?? duration
    const text = toLine(title ?? '', LIMITS.titleLength)
    // One that ends too early lasts until the next, and of nested ones the outer ends where the inner begins.
    return { start, end: end < start + MIN_SECONDS ? next : Math.min(end, next), ...(text && { title: text }) }
  })
}

/** Where the first chapter begins that lies past the end, where no chapter can; undefined when none does. */
export function firstPastEnd(chapters: readonly RawChapter[], duration: Seconds): Seconds | undefined {
  const past = chapters.map(({ start }) => start).filter(start => start > duration + MIN_SECONDS)
  return past.length > 0 ? Math.min(...past) : undefined
}

const isStub = ({ start, end }: RawChapter) => end < start + MIN_SECONDS
