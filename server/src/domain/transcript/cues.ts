import type { Seconds } from '@cuewire/protocol'

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

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lrm: '',
  rlm: '',
}

/** A line of a caption without tags, styling codes and entities. */
export function plainLine(line: string): string {
  return line
    .replace(/<\/?(?:[a-z][^<>]*|\d[\d:.]*)>/gi, '')
    .replace(/\{\\[^}]*\}/g, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (all, decimal, hex, name) => {
      if (name) return ENTITIES[String(name).toLowerCase()] ?? all
      const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
    })
    .replace(/\s+/g, ' ')
    .trim()
}

/** Removes what rolling captions say again: each cue then holds only its new lines. */
export function withoutRepeats(cues: readonly Cue[]): Cue[] {
  const kept: Cue[] = []
  let shown: readonly string[] = []
  for (const cue of cues) {
    const previous = kept.at(-1)
    const contiguous = previous !== undefined && cue.start - previous.end < 0.1
    const repeated = contiguous ? overlap(shown, cue.lines) : 0
    const fresh = cue.lines.slice(repeated)
    shown = cue.lines
    if (fresh.length > 0) kept.push({ ...cue, lines: fresh })
    else if (previous) kept[kept.length - 1] = { ...previous, end: Math.max(previous.end, cue.end) }
  }
  return kept
}

/** The speech of a cue, without sound tags, music signs and speaker names; times are shared out by length. */
export function utterances(cue: Cue): Utterance[] {
  const turns: { text: string; newSpeaker: boolean }[] = []
  for (const line of cue.lines) {
    const spoken = withoutSounds(line)
    if (!spoken) continue
    const turn = /^(?:[-–—‐]\s*(?=\S)|(?:>>+|[A-Z][A-Z .'#\d]{1,30}:)\s*)/.exec(spoken)
    const text = turn ? spoken.slice(turn[0].length).replace(/^[A-Z][A-Z .'#\d]{1,30}:\s*/, '') : spoken
    const last = turns.at(-1)
    if (!text) continue
    if (turn || !last) turns.push({ text, newSpeaker: turn !== null })
    else last.text += ` ${text}`
  }
  return shareTime(cue, turns)
}

/** How many leading lines of a cue were the trailing lines of the one before. */
function overlap(shown: readonly string[], lines: readonly string[]): number {
  for (let count = Math.min(shown.length, lines.length); count > 0; count -= 1)
    if (lines.slice(0, count).every((line, at) => line === shown[shown.length - count + at])) return count
  return 0
}

function withoutSounds(line: string): string {
  return line
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/^[-–—\s]*\([^)]*\)\s*$/, ' ')
    .replace(/\([A-Z][A-Z\s,'-]*\)/g, ' ')
    .replace(/[♪♫♬#]+(?=\s|$)|(?<=\s|^)[♪♫♬]+/g, ' ')
    .replace(/[♪♫♬]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function shareTime(cue: Cue, turns: readonly { text: string; newSpeaker: boolean }[]): Utterance[] {
  const total = turns.reduce((sum, turn) => sum + turn.text.length, 0)
  let said = 0
  return turns.map(turn => {
    const start = cue.start + ((cue.end - cue.start) * said) / total
    said += turn.text.length
    return { ...turn, start, end: cue.start + ((cue.end - cue.start) * said) / total }
  })
}
