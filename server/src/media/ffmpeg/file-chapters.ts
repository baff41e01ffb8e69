import { LIMITS, type MediaInfo, type Seconds } from '@cuewire/protocol'
import { toLine } from '../../lib/text.js'

/** A chapter as stored in the file, in seconds from the start of the media, without any validation. */
export interface RawChapter {
  readonly start: number
  readonly end: number
  readonly title: string | undefined
}

type FileChapters = MediaInfo['chapters']

/** Shortest chapter. */
const MIN_SECONDS = 1
/** Most chapters, so the shortest one is longer in a long film. */
const MAX_CHAPTERS = 400

/** The plausible chapters of a file: within the media, in order, not overlapping, and not too short. */
export function usableChapters(chapters: readonly RawChapter[], duration: Seconds): FileChapters {
  const shortest = Math.max(MIN_SECONDS, duration / MAX_CHAPTERS)
  const starts = chapters
    // A first chapter that starts slightly late, for example because the audio is padded, is moved to the start.
    .map(chapter => ({ ...chapter, start: chapter.start < MIN_SECONDS ? 0 : chapter.start }))
    .sort((a, b) => a.start - b.start)
  const kept: RawChapter[] = []
  for (const chapter of starts) {
    if (chapter.start > 0 && chapter.start > duration - MIN_SECONDS) break
    const last = kept.at(-1)
    if (!last || chapter.start >= last.start + shortest) kept.push(chapter)
    // A chapter without a length is replaced by a real one at the same position.
    else if (isStub(last) && !isStub(chapter)) kept[kept.length - 1] = { ...chapter, start: last.start }
  }
  return kept.map(({ start, end, title }, at) => {
    const next = kept[at + 1]?.start ?? duration
    const text = toLine(title ?? '', LIMITS.titleLength)
    // A chapter that ends too early lasts until the next one. Of nested chapters, the outer ends where the inner
    // begins.
    return { start, end: end < start + MIN_SECONDS ? next : Math.min(end, next), ...(text && { title: text }) }
  })
}

/** Start of the first chapter past the end of the file; undefined if there is none. */
export function firstPastEnd(chapters: readonly RawChapter[], duration: Seconds): Seconds | undefined {
  const past = chapters.map(({ start }) => start).filter(start => start > duration + MIN_SECONDS)
  return past.length > 0 ? Math.min(...past) : undefined
}

const isStub = ({ start, end }: RawChapter) => end < start + MIN_SECONDS
