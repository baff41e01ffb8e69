import { type CueTiming, timingOf } from './cue-timing.js'
import { LineReader } from './line-reader.js'
import type { RawCue } from './raw-cue.js'

interface OpenCue {
  readonly line: number
  readonly timing: CueTiming
  readonly counter: number | undefined
  readonly lines: string[]
  /** A blank line has ended its text, as in WebVTT. */
  ended: boolean
}

/**
 * The cues of a SubRip or WebVTT text. A line with times starts a cue. Its text continues to the next such line,
 * because files may lack blank lines or have them within the text. In WebVTT a blank line ends it, because a comment or
 * a style may follow.
 */
export function* readTimedLines(text: string, format: 'srt' | 'vtt'): Generator<RawCue> {
  const reader = new LineReader(text)
  let open: OpenCue | undefined
  let heading = ''
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    const timing = timingOf(line) ?? (format === 'vtt' ? faultyTiming(line) : undefined)
    if (timing) {
      const counter = open ? takeCounter(open) : counterOf(heading)
      if (open) yield toRaw(open)
      const lines = format === 'srt' && timing.rest !== '' && !isSettings(timing.rest) ? [timing.rest] : []
      open = { line: reader.number, timing, counter, lines, ended: false }
    } else if (open) {
      if (format === 'vtt' && line.trim() === '') open.ended = true
      else if (!open.ended) open.lines.push(line)
    } else if (line.trim() !== '') {
      heading = line
    }
  }
  if (open) yield toRaw(open)
}

/** By the standard, a line with an arrow is never text. */
function faultyTiming(line: string): CueTiming | undefined {
  return line.includes('-->') ? { start: undefined, end: undefined, rest: '' } : undefined
}

/**
 * Removes the number of the next cue from the lines of this one, if present. A file with numbers has them from its
 * first cue on.
 */
function takeCounter(cue: OpenCue): number | undefined {
  const { lines } = cue
  let last = lines.length - 1
  while (last >= 0 && lines[last]?.trim() === '') last -= 1
  if (cue.counter === undefined) return undefined
  const expected = cue.counter + 1
  const counter = counterOf(lines[last] ?? '')
  const standsAlone = last === lines.length - 1 && (last === 0 || lines[last - 1]?.trim() === '')
  if (counter === undefined || !(counter === expected || standsAlone)) return expected
  lines.length = last
  return counter
}

function counterOf(line: string): number | undefined {
  const text = line.trim()
  return text.length <= 9 && /^\d+$/.test(text) ? Number(text) : undefined
}

/** Coordinates of SubRip or settings of WebVTT, as in `X1:100 X2:600` and `line:0 align:start`. */
function isSettings(rest: string): boolean {
  return rest.split(/\s+/).every(part => part.indexOf(':') > 0)
}

function toRaw({ line, timing, lines }: OpenCue): RawCue {
  return { line, start: timing.start, end: timing.end, lines }
}
