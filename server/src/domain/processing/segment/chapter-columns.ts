import type { Chapter, LabelSummary, MediaInfo, Seconds, TimeRange } from '@cuewire/protocol'
import { makeChapters, type Spoken } from './chapters.js'

/** What chapters are made of, in columns: a hundred thousand objects would take long on the way to a thread. */
export interface ChapterColumns {
  /** Start and end of each sentence in turn. */
  readonly sentenceTimes: readonly Seconds[]
  readonly sentences: readonly string[]
  /** Start and end of each shot in turn. */
  readonly shotTimes: readonly Seconds[]
  /** Vectors of the units of `unitSize` sentences, one after the other, each of `size` numbers. */
  readonly meanings?: { readonly size: number; readonly data: Float32Array }
  readonly labels: readonly LabelSummary[]
  readonly duration: Seconds
  readonly fileChapters: MediaInfo['chapters']
}

/** The chapters of what the columns hold. */
export function chaptersOf({ sentenceTimes, sentences, shotTimes, meanings, ...rest }: ChapterColumns): Chapter[] {
  const segments: Spoken[] = spansOf(sentenceTimes).map((span, at) => ({ ...span, text: sentences[at] ?? '' }))
  const vectors = meanings && { meanings: rowsOf(meanings) }
  return makeChapters({ ...rest, ...vectors, segments, shots: spansOf(shotTimes) })
}

function rowsOf({ size, data }: NonNullable<ChapterColumns['meanings']>): Float32Array[] {
  return Array.from({ length: data.length / size }, (_, row) => data.subarray(row * size, (row + 1) * size))
}

function spansOf(times: readonly Seconds[]): TimeRange[] {
  return Array.from({ length: times.length / 2 }, (_, at) => ({
    start: times[2 * at] ?? 0,
    end: times[2 * at + 1] ?? 0,
  }))
}
