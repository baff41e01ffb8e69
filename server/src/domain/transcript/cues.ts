import type { Seconds } from '@cuewire/protocol'
import { withoutSounds } from './sounds.js'
import { SpeakerMarks } from './speakers.js'

/** One caption as the file has it: plain lines, no markup. */
export interface Cue {
  readonly start: Seconds
  readonly end: Seconds
  readonly lines: readonly string[]
}

/** A stretch of speech of one speaker within a cue. */
export interface Utterance {
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
  /** The file marks a change of speaker before it. */
  readonly newSpeaker: boolean
}

/** Cues that start this soon after the previous one continue it. */
const CONTIGUOUS: Seconds = 0.1

/** Removes lines repeated by rolling captions, so that each cue has only its new lines. */
export function withoutRepeats(cues: readonly Cue[]): Cue[] {
  const kept: Cue[] = []
  let shown: readonly string[] = []
  for (const cue of cues) {
    const previous = kept.at(-1)
    const contiguous = previous !== undefined && cue.start - previous.end < CONTIGUOUS
    const repeated = contiguous ? overlap(shown, cue.lines) : 0
    const fresh = cue.lines.slice(repeated)
    shown = cue.lines
    if (fresh.length > 0) kept.push({ ...cue, lines: fresh })
    else if (previous) kept[kept.length - 1] = { ...previous, end: Math.max(previous.end, cue.end) }
  }
  return kept
}

/**
 * The speech of the cues, without sound tags, music signs and speaker names. Times are divided in proportion to length.
 */
export function utterancesOf(cues: readonly Cue[]): Utterance[] {
  const spoken = cues.map(cue => ({ ...cue, lines: cue.lines.map(withoutSounds).filter(Boolean) }))
  const marks = new SpeakerMarks(linesOf(spoken))
  return spoken.flatMap(cue => shareTime(cue, turnsOf(cue.lines, marks)))
}

interface SpokenTurn {
  text: string
  readonly newSpeaker: boolean
}

function turnsOf(lines: readonly string[], marks: SpeakerMarks): SpokenTurn[] {
  const turns: SpokenTurn[] = []
  for (const line of lines) {
    const { text, isNew } = marks.read(line)
    const last = turns.at(-1)
    if (!text) continue
    if (isNew || !last) turns.push({ text, newSpeaker: isNew })
    else last.text += ` ${text}`
  }
  return turns
}

function* linesOf(cues: readonly Cue[]): Generator<string> {
  for (const cue of cues) yield* cue.lines
}

/**
 * Number of leading lines of a cue that repeat the trailing lines of the previous one: the longest suffix of `shown`
 * that is a prefix of `lines`, by the prefix function of Knuth, Morris and Pratt, because a damaged cue may have
 * thousands of lines.
 */
function overlap(shown: readonly string[], lines: readonly string[]): number {
  const fallback = new Int32Array(lines.length)
  const extend = (matched: number, line: string | undefined): number => {
    let length = matched
    while (length > 0 && (length === lines.length || lines[length] !== line)) length = fallback[length - 1] ?? 0
    return lines[length] === line ? length + 1 : 0
  }
  for (let at = 1; at < lines.length; at += 1) fallback[at] = extend(fallback[at - 1] ?? 0, lines[at])
  return shown.reduce(extend, 0)
}

function shareTime(cue: Cue, turns: readonly SpokenTurn[]): Utterance[] {
  const total = turns.reduce((sum, turn) => sum + turn.text.length, 0)
  let said = 0
  return turns.map(turn => {
    const start = cue.start + ((cue.end - cue.start) * said) / total
    said += turn.text.length
    return { ...turn, start, end: cue.start + ((cue.end - cue.start) * said) / total }
  })
}
