import type { Term } from '../../text/terms.js'
import { isAnnouncement } from './cues.js'

/** Words that join a sentence to the one before it when they open it. */
const CONNECTIVES = new Set(
  `but and so or nor yet because however therefore thus hence then also instead otherwise still besides moreover furthermore
  nevertheless nonetheless meanwhile consequently accordingly similarly likewise too though anyway anyways okay ok right alright
  well now next finally lastly secondly thirdly first second third again even either neither both such same another others
  here there later afterwards afterward soon which who whose whom what how why plus except rather only maybe perhaps yes yeah no
  not sure indeed actually ultimately overall hello hi hey thanks welcome`.split(/\s+/),
)
/** Pronouns that stand for something named earlier. */
const REFERRING = new Set(
  `he she it they him her them his hers its their theirs himself herself itself themselves this that these those`.split(
    /\s+/,
  ),
)
/** Openings that count on something named earlier: "the other lens". */
const COMPARING =
  /^(?:the|an?|each|some|most|both|all|one) (?:of (?:the(?:se|m)|those|which)|other|latter|former|same|ones?|first|second|third|fourth|fifth|next|last)\b/i
/** A place named earlier. */
const THERE = /\b(?:from|in|over|out|up|down|around|near|by) (?:there|here)\b/i
/** What "one" stands before when it is a number. */
const DESCRIBED = new Set(['NOUN', 'PROPN', 'ADJ', 'NUM'])
/** Objects that stand for something other than the subject before them: "an app can read it". */
const OBJECTS = new Set('it them one ones him her'.split(' '))
/** Someone speaking of the talk instead of its subject. */
const ABOUT_THE_TALK =
  /\b(?:i(?:'m| am)? (?:want|going|will|would|am going)|i'd like|i'll (?:give|show|tell|explain)|let me|let us|let's|we(?:'ll| will| are going to)|in this (?:video|talk|lecture|episode|lesson|course|chapter|section)|this (?:video|talk|lecture|episode|lesson|course)|my name is|feel free|see you|thank you|thanks|subscribe|good (?:morning|afternoon|evening))\b/i

const MIN_WORDS = 6
const MAX_WORDS = 45
const MIN_CONTENT = 3

/**
 * Whether a sentence can be read without the one before it. It must be a statement of reasonable length that neither
 * opens with a connective, nor uses a pronoun before it names anything, nor speaks of the talk itself.
 */
export function standsAlone(text: string, terms: readonly Term[]): boolean {
  const content = terms.filter(term => term.content).length
  if (terms.length < MIN_WORDS || terms.length > MAX_WORDS || content < MIN_CONTENT) return false
  if (!/[.!…]["'”’)]*$/u.test(text.trim()) || COMPARING.test(text) || THERE.test(text)) return false
  if (ABOUT_THE_TALK.test(text) || isAnnouncement(text)) return false
  const [first] = terms
  if (!first || CONNECTIVES.has(first.lower)) return false
  return !terms.some((term, at) => refersBack(term, terms.slice(0, at), terms[at + 1]))
}

/** Whether a word stands for something that the words before it in the sentence do not name. */
function refersBack({ lower, pos }: Term, before: readonly Term[], next: Term | undefined): boolean {
  const last = before.at(-1)
  // Neighbours are one name: "Isaac Newton".
  const names = before.filter((term, at) => isName(term) && !isName(before[at - 1])).length
  const word = lower.replace(/['’].*$/, '')
  // Elsewhere it joins clauses.
  if (word === 'that') return before.length === 0 || (last?.pos === 'ADP' && isName(next))
  const isDemonstrative = word === 'this' || word === 'these' || (word === 'those' && next?.lower !== 'who')
  if (isDemonstrative || (REFERRING.has(word) && (before.length < 2 || (names === 0 && pos !== 'SCONJ')))) return true
  const isObject = OBJECTS.has(word) && (last?.pos === 'VERB' || last?.pos === 'ADP') && !DESCRIBED.has(next?.pos ?? '')
  return isObject && names < 2
}

function isName(term: Term | undefined): boolean {
  return term?.content === true && (term.pos === 'NOUN' || term.pos === 'PROPN')
}
