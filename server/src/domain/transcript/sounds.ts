import { tidy } from './plain-line.js'

/** Beginnings of the words that captions for the hard of hearing describe sounds with. */
const SOUND_STEMS =
  `applau clap cheer laugh chuckl giggl snicker sigh cough gasp groan grunt moan sobb scream shout yell whisper
  mutter mumbl murmur snor sneez sniff whistl music melod theme instrumental beep buzz ringing knock bang bark meow chirp growl howl
  thunder siren gunshot gunfire explosion footstep rumbl rustl clatter crash splash silence inaudible unintelligible indistinct
  crosstalk chatter speaking talking noise exclaim stammer hiccup yawn`.split(/\s+/)
const SOUND_WORDS = new Set(
  'cry cries crying weeps weeping hum hums humming sing sings singing song tune ring rings chimes static pause sounds sobs'.split(
    ' ',
  ),
)
/** What a word of a sound may have after its stem: "laugh", "laughter", "laughing". */
const MAX_ENDING = 5

/** What captions call those who speak, where no name is known. */
const ROLES = new Set(
  `man woman men women boy girl child kid male female narrator host speaker interviewer interviewee reporter announcer presenter
  moderator audience crowd both all voice voiceover teacher student professor doctor nurse officer soldier driver waiter waitress
  judge lawyer mother father mom dad brother sister son daughter caller`.split(/\s+/),
)
const MARKS = ' -–—♪♫♬♩'
const MAX_WORDS = 8
const MAX_ASIDE_WORDS = 4
/** An abbreviation in parentheses is no longer than this: "(WHO)". */
const MAX_ABBREVIATION = 5

/**
 * Removes descriptions of sounds and music signs from a line. Only certain ones: "(WHO)", "list[0]", "C#" and "#farm"
 * are speech.
 */
export function withoutSounds(line: string): string {
  const unbracketed = withoutRemarks(withoutRemarks(line, '()', isSoundInParentheses), '[]', isSoundInBrackets)
  return withoutMusic(tidy(unbracketed))
}

/** Whether words name a kind of person who speaks: "MAN", "SPEAKER 2", "FEMALE VOICE". */
export function isRole(words: string): boolean {
  const names = wordsOf(words).filter(word => !/^\d+$/.test(word))
  return names.length > 0 && names.every(word => ROLES.has(word))
}

interface Remark {
  readonly inner: string
  /** Nothing is said before it, and nothing after it. */
  readonly isWholeLine: boolean
  readonly isAtStart: boolean
  /** Right after a letter or digit. */
  readonly isGlued: boolean
}

/** Removes bracketed remarks; of nested brackets only the innermost. */
function withoutRemarks(line: string, brackets: string, isRemark: (remark: Remark) => boolean): string {
  const lastSaid = lastUnmarked(line)
  let kept = ''
  let copied = 0
  let opened = -1
  let said = false
  let saidBefore = false
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    if (character === brackets[0]) {
      opened = at
      saidBefore = said
    }
    if (!MARKS.includes(character)) said = true
    if (character !== brackets[1] || opened < 0) continue
    const remark: Remark = {
      inner: line.slice(opened + 1, at).trim(),
      isAtStart: !saidBefore,
      isWholeLine: !saidBefore && at >= lastSaid,
      isGlued: opened > 0 && /[\p{L}\p{N}]/u.test(line.charAt(opened - 1)),
    }
    if (isRemark(remark)) {
      kept += `${line.slice(copied, opened)} `
      // The colon after a speaker: "[JOHN]: Hello".
      copied = remark.isAtStart && line[at + 1] === ':' ? at + 2 : at + 1
      said = saidBefore
    }
    opened = -1
  }
  return kept + line.slice(copied)
}

function isSoundInBrackets({ inner, isAtStart, isGlued }: Remark): boolean {
  if (!hasLetter(inner)) return !/\d/.test(inner)
  if (isGlued || inner.length === 1) return false
  if (isAtStart || hasSound(inner)) return true
  const isOneCase = inner === inner.toUpperCase() || inner === inner.toLowerCase()
  return isOneCase && wordsOf(inner).length <= MAX_ASIDE_WORDS
}

function isSoundInParentheses({ inner, isAtStart, isWholeLine, isGlued }: Remark): boolean {
  if (isGlued) return false
  const isUpper = hasLetter(inner) && inner === inner.toUpperCase()
  if (isWholeLine) {
    const isAbbreviation = isUpper && inner.length <= MAX_ABBREVIATION && !hasSound(inner) && !isRole(inner)
    return !/\d/.test(inner) && !isAbbreviation && !/[.!?…]["'”’]?$/.test(inner)
  }
  if (isAtStart && isRole(inner)) return true
  return hasSound(inner) && (isUpper || wordsOf(inner).length === 1)
}

/** A number sign that stands alone at an end of a line is a music sign, too. */
function withoutMusic(line: string): string {
  let text = line.replace(/[♪♫♬♩]/g, ' ').trim()
  if (text.startsWith('# ')) text = text.slice(2)
  if (text.endsWith(' #')) text = text.slice(0, -2)
  return text === '#' ? '' : tidy(text)
}

function hasSound(inner: string): boolean {
  return wordsOf(inner).some(
    word =>
      SOUND_WORDS.has(word) ||
      SOUND_STEMS.some(stem => word.startsWith(stem) && word.length - stem.length <= MAX_ENDING),
  )
}

/** The first words of a remark, in lower case. */
function wordsOf(inner: string): string[] {
  return inner
    .slice(0, 200)
    .toLowerCase()
    .split(/[\s,]+/, MAX_WORDS)
    .filter(Boolean)
}

function lastUnmarked(line: string): number {
  let at = line.length - 1
  while (at >= 0 && MARKS.includes(line.charAt(at))) at -= 1
  return at
}

const hasLetter = (text: string) => /\p{L}/u.test(text)
