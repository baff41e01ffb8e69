import type { Seconds, TimeRange } from '@cuewire/protocol'

/** A sentence, or a line of text on the screen. */
export interface TimedText extends TimeRange {
  readonly text: string
}

/** A sentence, and who says it where known. */
export interface Spoken extends TimedText {
  readonly speaker?: string | undefined
}

/** A line of text on the screen. */
export interface ScreenLine extends TimedText {
  /** Whether it is the title of a slide. */
  readonly isTitle: boolean
}

interface Texts {
  /** In order of time. */
  readonly segments: readonly TimedText[]
  readonly screen?: readonly ScreenLine[]
  readonly duration: Seconds
}

/** Lines on the screen that are taken into account in each chapter; more would be running text. */
const MAX_LINES = 100

/** Indices of the sentences in each span, by their middle. The last span ends with the video. */
export function sentencesOfSpans(starts: readonly Seconds[], { segments, duration }: Texts): number[][] {
  return indicesOfSpans(
    starts,
    duration,
    segments.map(({ start, end }) => (start + end) / 2),
  )
}

/** The different lines that appear in each span. */
export function linesOfSpans(starts: readonly Seconds[], { screen = [], duration }: Texts): ScreenLine[][] {
  const appearances = indicesOfSpans(
    starts,
    duration,
    screen.map(({ start }) => start),
  )
  return appearances.map(numbers => {
    const lines = new Map(numbers.flatMap(at => (screen[at] ? [[screen[at].text, screen[at]] as const] : [])))
    return [...lines.values()].slice(0, MAX_LINES)
  })
}

/** What is said and then what is shown in each span. */
export function textsOfSpans(starts: readonly Seconds[], texts: Texts): TimedText[][] {
  const lines = linesOfSpans(starts, texts)
  return sentencesOfSpans(starts, texts).map((numbers, at) => [
    ...numbers.flatMap(number => texts.segments[number] ?? []),
    ...(lines[at] ?? []),
  ])
}

function indicesOfSpans(starts: readonly Seconds[], duration: Seconds, times: readonly Seconds[]): number[][] {
  const spans: number[][] = starts.map(() => [])
  for (const [number, time] of times.entries()) if (time < duration) spans[lastAtOrBefore(starts, time)]?.push(number)
  return spans
}

/** Index of the last of the sorted times at or before `time`; -1 if there is none. */
function lastAtOrBefore(times: readonly Seconds[], time: Seconds): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}
