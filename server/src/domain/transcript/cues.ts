import type { Seconds } from '@cuewire/protocol'
import { withoutSounds } from './sounds.js'
import { SpeakerMarks, type Turn } from './speakers.js'

/** A line of a caption, or a part of one, without markup. */
export interface CueLine {
  readonly text: string
  /** The speaker whom the markup of the file names. */
  readonly voice: string | undefined
}

/** One caption as the file has it. */
export interface Cue {
  readonly start: Seconds
  readonly end: Seconds
  readonly lines: readonly CueLine[]
}

/** A stretch of speech of one speaker within a cue. */
export interface Utterance {
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
  /** The speaker's name, where the file marks it here. */
  readonly speaker: string | undefined
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
    const lines = cue.lines.map(lineKey)
    const repeated = contiguous ? overlap(shown, lines) : 0
    const fresh = cue.lines.slice(repeated)
    shown = lines
    if (fresh.length > 0) kept.push({ ...cue, lines: fresh })
    else if (previous) kept[kept.length - 1] = { ...previous, end: Math.max(previous.end, cue.end) }
  }
  return kept
}

/** Equal for lines that say the same in the same voice. */
export const lineKey = ({ text, voice = '' }: CueLine): string => `${voice}\t${text}`

/**
 * The speech of the cues, without sound tags, music signs and speaker names. Times are divided in proportion to length.
 */
export function utterancesOf(cues: readonly Cue[]): Utterance[] {
  const spoken = cues.map(cue => ({ ...cue, lines: cue.lines.flatMap(spokenLine) }))
  const marks = new SpeakerMarks(textsOf(spoken))
  let voice: string | undefined
  return spoken.flatMap(cue => {
    const turns = turnsOf(cue.lines, marks, voice)
    voice = (cue.lines.at(-1) ?? { voice }).voice
    return shareTime(cue, turns)
  })
}

function spokenLine({ text, voice }: CueLine): CueLine[] {
  const spoken = withoutSounds(text)
  return spoken ? [{ text: spoken, voice }] : []
}

interface SpokenTurn {
  text: string
  readonly speaker: string | undefined
  readonly newSpeaker: boolean
}

/** The turns of a cue. `voice` is that of the line before it. */
function turnsOf(lines: readonly CueLine[], marks: SpeakerMarks, voice: string | undefined): SpokenTurn[] {
  const turns: SpokenTurn[] = []
  let before = voice
  let above: Turn | undefined
  for (const line of lines) {
    const own = marks.read(line.text)
    const { text } = own
    // A mark alone on its line belongs to the line below.
    const { name, isNew } = own.isNew ? own : (above ?? own)
    above = text ? undefined : { text, name, isNew }
    if (!text) continue
    const isOther = line.voice !== before
    before = line.voice
    const last = turns.at(-1)
    if (last && !isNew && !isOther) {
      last.text += ` ${text}`
      continue
    }
    // A dash within a voice marks somebody else, so the voice no longer tells who speaks.
    const isAnother = last !== undefined && isNew && !isOther
    turns.push({ text, speaker: isAnother ? name : (line.voice ?? name), newSpeaker: isNew || isOther })
  }
  return turns
}

function* textsOf(cues: readonly Cue[]): Generator<string> {
  for (const cue of cues) for (const { text } of cue.lines) yield text
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
