const CLOSERS = '"\'”’»)]'
/** Marks that end a sentence whatever follows. */
const WIDE_MARKS = '。！？'
const MARKS = `!?…${WIDE_MARKS}`
/** Longer words are not abbreviations. */
const MAX_ABBREVIATION = 12

/** Abbreviations followed by a name; they do not end a sentence. */
const BEFORE_NAMES = new Set(
  'mr mrs ms dr prof st mt gen col capt cpt lt sgt maj rev hon gov sen messrs mme vs ca cf approx eg ie viz'.split(' '),
)
/** They do not end a sentence before a number; "no" and "fig" are also words. */
const BEFORE_NUMBERS = new Set(
  'no nos fig figs vol pp p sec ch art jan feb mar apr jun jul aug sep sept oct nov dec'.split(' '),
)
/** Abbreviations that may end a sentence if a capital follows. */
const FINAL = new Set('i etc inc ltd co corp jr sr al esq bros ave blvd rd ft dept est'.split(' '))

type Kind = 'end' | 'before a name' | 'before a number' | 'perhaps' | 'none'

/** Whether a word ends its sentence, judged without the next word. */
export function endsSentence(word: string): boolean {
  const kind = kindOf(word)
  return kind === 'end' || kind === 'before a number'
}

/**
 * Whether a sentence ends between two words. `isLowerCase`: the sentence itself began with a small letter, so that one
 * after a full stop says nothing.
 */
export function isSentenceBreak(word: string, next: string, isLowerCase: boolean): boolean {
  const kind = kindOf(word)
  switch (kind) {
    case 'none':
    case 'before a name':
      return false
    case 'perhaps':
      return /^\P{L}?\p{Lu}/u.test(next)
    case 'before a number':
      return !/^\d/.test(next) && isBreak(word, next, isLowerCase)
    case 'end':
      return isBreak(word, next, isLowerCase)
    default:
      return kind satisfies never
  }
}

function isBreak(word: string, next: string, isLowerCase: boolean): boolean {
  if (!/^\p{Ll}/u.test(next) || WIDE_MARKS.includes(word.charAt(bareLength(word) - 1))) return true
  // `"Stop!" he said` and "Wait... what" continue.
  const isStop = word.endsWith('.') && !word.endsWith('..')
  return isStop ? isLowerCase : /[!?]$/.test(word)
}

function kindOf(word: string): Kind {
  const length = bareLength(word)
  const mark = word.charAt(length - 1)
  if (mark !== '' && MARKS.includes(mark)) return 'end'
  if (mark !== '.') return 'none'
  if (word.charAt(length - 2) === '.' || length > MAX_ABBREVIATION) return 'end'
  return kindOfStop(word.slice(0, length - 1))
}

function kindOfStop(stem: string): Kind {
  const plain = stem.replace(/^[^\p{L}\p{N}]+/u, '').toLowerCase()
  if (FINAL.has(plain)) return 'perhaps'
  if (BEFORE_NUMBERS.has(plain)) return 'before a number'
  // An initial, as in "J. Smith".
  if (BEFORE_NAMES.has(plain.replaceAll('.', '')) || /^\p{L}$/u.test(plain)) return 'before a name'
  return isDotted(plain) ? 'perhaps' : 'end'
}

/** "a.m", "u.s", "ph.d". */
function isDotted(plain: string): boolean {
  return plain.includes('.') && plain.split('.').every(part => part.length === 1 || part === 'ph')
}

/** Length of a word without the quotes and brackets that close it. */
function bareLength(word: string): number {
  let length = word.length
  while (length > 0 && CLOSERS.includes(word.charAt(length - 1))) length -= 1
  return length
}
