import { LIMITS, type Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { type Cue, type CueLine, lineKey } from './cues.js'
import type { RawCue } from './raw-cue.js'
import { isAss, readAss } from './read-ass.js'
import { readTimedLines } from './read-timed-lines.js'
import { voicedLines } from './voiced-lines.js'

export interface CueText {
  /** The expected format. Text that begins like another format is read as that one. */
  readonly format: 'srt' | 'vtt' | 'ass'
  readonly text: string
  /** Whether to refuse text over the limits. Otherwise the excess is left out, with a warning. */
  readonly strict: boolean
}

export interface ReadCues {
  /** In order of time, without markup; none is empty. */
  readonly cues: readonly Cue[]
  /** What was left out, for people; empty when nothing was. */
  readonly warnings: readonly string[]
}

/**
 * Longest duration of a caption, in seconds, or by its length in characters per second. A longer one is an error in the
 * file.
 */
const MAX_CUE_SECONDS = 30
const SLOWEST_SPEECH = 8
/** Duration of a cue whose end is missing or wrong. */
const GUESS = { charactersPerSecond: 15, least: 1, most: 7 }
const MAX_TIME: Seconds = 360_000

interface TimedCue {
  readonly start: Seconds
  readonly end: Seconds | undefined
  readonly lines: readonly CueLine[]
}

/** Reads the cues of a subtitle text. If `strict`, throws `subtitles.invalid`, naming the limit that is exceeded. */
export function readCues({ format, text, strict }: CueText): ReadCues {
  const warnings: string[] = []
  const timed: TimedCue[] = []
  const skipped: number[] = []
  const cut: number[] = []
  let count = 0
  let shownTo: Seconds = 0
  for (const raw of rawCues(format, text)) {
    count += 1
    if (count > LIMITS.subtitleCues) {
      if (strict) refuse(`at most ${LIMITS.subtitleCues} cues are allowed; line ${raw.line} begins the next`)
      warnings.push(`Only the first ${LIMITS.subtitleCues} cues were read; line ${raw.line} begins the next.`)
      break
    }
    const bounded = boundedLines(raw.lines)
    if (bounded.isCut) {
      if (strict) refuse(`a cue may have ${LIMITS.cueLength} characters; the one at line ${raw.line} has more`)
      cut.push(raw.line)
    }
    const lines = voicedLines(bounded.lines, raw.speaker)
    const start = raw.start ?? (raw.end === undefined ? undefined : guessedStart(raw.end, shownTo, lines))
    const isPlaced = start !== undefined && start < MAX_TIME && (start >= 0 || (raw.end ?? start) > 0)
    if (!isPlaced) skipped.push(raw.line)
    else if (lines.length > 0) {
      timed.push({ start: Math.max(0, start), end: raw.end, lines })
      shownTo = Math.max(0, raw.end ?? start)
    }
  }
  if (skipped.length > 0) warnings.push(`${cuesAt(skipped)} left out: the times cannot be read.`)
  if (cut.length > 0) warnings.push(`${cuesAt(cut)} cut after ${LIMITS.cueLength} characters.`)
  return { cues: onceEach(withEnds(timed.sort((a, b) => a.start - b.start))), warnings }
}

/** A message about a limit of subtitles. */
export function refuse(what: string): never {
  throw new AppError('subtitles.invalid', `The subtitles are too large: ${what}.`)
}

function rawCues(format: CueText['format'], text: string): Iterable<RawCue> {
  const clean = text.replace(/^\uFEFF/, '')
  if (isAss(clean)) return readAss(clean)
  if (clean.startsWith('WEBVTT')) return readTimedLines(clean, 'vtt')
  return format === 'ass' ? readAss(clean) : readTimedLines(clean, format)
}

function boundedLines(lines: readonly string[]): { readonly lines: readonly string[]; readonly isCut: boolean } {
  let length = 0
  for (const [at, line] of lines.entries()) {
    length += line.length
    if (length <= LIMITS.cueLength) continue
    const whole = line.length - (length - LIMITS.cueLength)
    return { lines: [...lines.slice(0, at), line.slice(0, whole).toWellFormed()], isCut: true }
  }
  return { lines, isCut: false }
}

/** Guesses an unreadable start from the end and the length of the text, but not before the end of the previous cue. */
function guessedStart(end: Seconds, shownTo: Seconds, lines: readonly CueLine[]): Seconds {
  return Math.max(Math.min(shownTo, end), end - guessedLength(lines))
}

/** Fills in missing or wrong ends of cues, sorted by start, from the length of their text. */
function withEnds(cues: readonly TimedCue[]): Cue[] {
  return cues.map(({ start, end, lines }, at) => {
    if (end !== undefined && end > start) {
      const longest = Math.max(MAX_CUE_SECONDS, lengthOf(lines) / SLOWEST_SPEECH)
      return { start, end: Math.min(end, start + longest, MAX_TIME), lines }
    }
    const guess = start + guessedLength(lines)
    const next = cues[at + 1]?.start ?? MAX_TIME
    return { start, end: Math.min(guess, next > start ? next : guess, MAX_TIME), lines }
  })
}

function guessedLength(lines: readonly CueLine[]): Seconds {
  return Math.min(GUESS.most, Math.max(GUESS.least, lengthOf(lines) / GUESS.charactersPerSecond))
}

const lengthOf = (lines: readonly CueLine[]) => lines.reduce((sum, { text }) => sum + text.length, 0)

/** Signs are often written several times on top of each other; text shown twice at the same time is kept once. */
function onceEach(cues: readonly Cue[]): Cue[] {
  const shown = new Map<string, number>()
  const kept: Cue[] = []
  for (const cue of cues) {
    const key = cue.lines.map(lineKey).join('\n')
    const at = shown.get(key)
    const former = at === undefined ? undefined : kept[at]
    if (at !== undefined && former && cue.start < former.end) {
      kept[at] = { ...former, end: Math.max(former.end, cue.end) }
      continue
    }
    shown.set(key, kept.length)
    kept.push(cue)
  }
  return kept
}

function cuesAt(lines: readonly number[]): string {
  return lines.length === 1
    ? `The cue at line ${lines[0]} was`
    : `${lines.length} cues, the first at line ${lines[0]}, were`
}
