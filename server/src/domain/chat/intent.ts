import { labelMentions } from '../search/labels.js'
import { type Term, termsOf } from '../text/terms.js'
import { type Smalltalk, smalltalkOf } from './smalltalk.js'
import { findTime, type TimeReference } from './time-reference.js'
import { isOverviewWord, isPlaceWord, isSightWord, isSpeechWord, isVideoWord } from './vocabulary.js'

/** The intent of a message: small talk or a question. */
export type Intent = { readonly kind: 'smalltalk'; readonly about: Smalltalk } | QuestionIntent

/** What kind of answer a question wants. */
export type QuestionIntent =
  /** About the whole: its subject, or the moments that matter. */
  | { readonly kind: 'overview'; readonly style: 'summary' | 'moments' }
  | { readonly kind: 'duration' }
  /** A chapter by its place, from 0; -1 is the last. */
  | { readonly kind: 'chapter'; readonly place: number }
  | { readonly kind: 'moment'; readonly time: TimeReference }
  /** What is seen; no labels: everything. */
  | {
      readonly kind: 'objects'
      readonly labels: readonly string[]
      readonly words: readonly string[]
      readonly ask: 'list' | 'presence' | 'when' | 'count'
    }
  /** What kind of place is shown. */
  | { readonly kind: 'place' }
  /** What comes before or after the last citation. */
  | { readonly kind: 'shift'; readonly direction: 'after' | 'before' }
  | FactIntent

export interface FactIntent {
  readonly kind: 'fact'
  /** The question without the words that name a time. */
  readonly text: string
  /** `when`: the moment itself is the answer. */
  readonly style: 'answer' | 'when'
  readonly time?: TimeReference
  /** Asks for what is said next to the match. */
  readonly beside?: 'after' | 'before'
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
const CHAPTER_WORD = '(?:chapter|topic|part|section|subject|segment)'
const FOLLOW = /\b(?:after|afterwards?|next|then|later|before|previously|earlier|continue|go on)\b/i
const FOLLOW_WORD =
  /^(?:happen\w*|come\w*|came|next|follow\w*|continu\w*|said|says?|show\w*|afterwards?|later|earlier|previously|immediately|directly|talk\w*|discuss\w*|mention\w*)$/i
const HAPPENS = new Set(['happen', 'happens', 'happened', 'come', 'comes', 'came', 'follow', 'follows'])
const SIGHT =
  /\b(?:see|seen|appears?|visible|shown?|shows|picture|screen|detected|on camera|is there|are there|any|spot|objects?|things?|items?|in (?:the|this) (?:video|clip|film|frame|scene|picture|image))\b/i
const PLACE =
  /\b(?:where\b.*\b(?:take|takes|took|taking) place|where (?:is|was|are|were) (?:it|this|that|they|we|the (?:video|clip|film|scene|recording))\b|where\b.*\b(?:set|filmed|shot|recorded)\b|(?:what|which) (?:(?:kind|sort|type) of )?(?:places?|locations?|settings?|surroundings)|(?:in|out)doors?\b|(?:inside|outside)\b)/i
const WHOLE =
  /\b(?:about|summar\w*|overview|gist|tl;?dr|key|main|topics?|chapters?|takeaways?|highlights?|outline|recap|describe|contents?|cover(?:s|ed)?|discuss(?:ed)?|story|themes?|subjects?|video|clip|film|talk)\b/i
const WHEN_SAID =
  /\b(?:mention\w*|talk\w*|discuss\w*|sa(?:y|id)|speak\w*|spoken|bring up|refer\w*|describ\w*|explain\w*|part (?:about|where|on)|moment (?:when|where)|(?:what|which) (?:point|time|moment|part|timestamp|minute))\b/i

/** Determines the intent of a message from its words. */
export function intentOf(question: string): Intent {
  const about = smalltalkOf(question)
  if (about) return { kind: 'smalltalk', about }
  const terms = termsOf(question).filter(term => term.content && !isVideoWord(term.key))
  const found = findTime(question)
  if (asksLength(question) && terms.every(isLengthTerm)) return { kind: 'duration' }
  const place = found ? undefined : chapterPlace(question)
  if (
    place !== undefined &&
    terms.every(
      term =>
        isOverviewWord(term.key) || ORDINALS.includes(term.lower) || term.kind === 'number' || term.lower === 'last',
    )
  )
    return { kind: 'chapter', place }
  if (found && termsOf(found.rest).every(isGeneric)) return { kind: 'moment', time: found.time }
  if (!found && FOLLOW.test(question) && terms.every(term => FOLLOW_WORD.test(term.lower)))
    return { kind: 'shift', direction: /\b(?:before|previously|earlier)\b/i.test(question) ? 'before' : 'after' }
  if (!found && asksPlace(question, terms)) return { kind: 'place' }
  const seen = found ? undefined : objectsIntent(question, terms)
  if (seen) return seen
  if (!found && WHOLE.test(question) && terms.every(term => isOverviewWord(term.key)))
    return {
      kind: 'overview',
      style: /\b(?:moments?|points?|highlights?|takeaways?|topics?|chapters?|outline)\b/i.test(question)
        ? 'moments'
        : 'summary',
    }
  return factIntent(question, found)
}

/** "Where does this take place?", "Is it indoors or outdoors?": about the video as a whole, with no other subject. */
function asksPlace(question: string, terms: readonly Term[]): boolean {
  return PLACE.test(question) && terms.every(term => isPlaceWord(term.key) || isSightWord(term.key))
}

function asksLength(question: string): boolean {
  if (/\b(?:how long is|duration of|length of)\b/i.test(question)) return true
  const how = /\bhow long does /i.exec(question)
  return how !== null && / (?:last|run|take)/i.test(question.slice(how.index + how[0].length))
}

const isLengthTerm = (term: Term) => /^(?:long|last|run|duration|length|take)s?$/.test(term.lower)

const isGeneric = (term: Term) =>
  !term.content || isVideoWord(term.key) || isSpeechWord(term.key) || isOverviewWord(term.key) || isSightWord(term.key)

function factIntent(question: string, found: ReturnType<typeof findTime>): FactIntent {
  const beside = besideOf(question)
  const asksWhen =
    /^(?:and\s+)?(?:when|where|at (?:what|which)|(?:find|show|jump|go|take|skip)\b|in (?:what|which) part)/i.test(
      question,
    )
  return {
    kind: 'fact',
    text: found?.rest ?? question,
    style: asksWhen && WHEN_SAID.test(question) ? 'when' : 'answer',
    ...(found && { time: found.time }),
    ...(beside && { beside }),
  }
}

/** "What happens after ...?" asks for what is beside the match. */
function besideOf(question: string): FactIntent['beside'] {
  const words = question.toLowerCase().split(/\W+/)
  const what = words.indexOf('what')
  const happens = words.findIndex(
    (word, at) =>
      at > what &&
      (HAPPENS.has(word) ||
        ((word === 'is' || word === 'was') && ['said', 'shown', 'done'].includes(words[at + 1] ?? ''))),
  )
  const side = words.findLast(word => word === 'after' || word === 'before')
  return what >= 0 && happens >= 0 && side && words.lastIndexOf(side) > happens ? side : undefined
}

function chapterPlace(question: string): number | undefined {
  const ordinal = new RegExp(`\\b(?:the\\s+)?(${ORDINALS.join('|')}|last|final)\\s+${CHAPTER_WORD}\\b`, 'i')
    .exec(question)?.[1]
    ?.toLowerCase()
  if (ordinal) return ordinal === 'last' || ordinal === 'final' ? -1 : ORDINALS.indexOf(ordinal)
  const number = /\b(?:chapter|part|section|topic)\s+(\d{1,3})\b/i.exec(question)?.[1]
  return number && Number(number) > 0 ? Number(number) - 1 : undefined
}

function objectsIntent(question: string, terms: readonly Term[]): QuestionIntent | undefined {
  const mentions = labelMentions(question)
  const words = mentions.flatMap(mention => mention.words)
  const rest = terms.filter(term => !words.includes(term.lower))
  const count = /\bhow many\b/i.test(question)
  if (!rest.every(term => isSightWord(term.key)) || !(SIGHT.test(question) || count)) return undefined
  if (mentions.length === 0) {
    // The tagger counts "see" among the words without content.
    const asksAll =
      (rest.length > 0 || /\bsee\b/i.test(question)) &&
      /\bwh(?:at|ich)\b|\blist\b|\bname\b|\bshow\b|\bidentify\b/i.test(question)
    const sees = /\b(?:see|seen|appears?|visible|shown?|objects?|things?|items?|picture|screen|detected)\b/i.test(
      question,
    )
    return asksAll && sees && !/\bhow\b/i.test(question)
      ? { kind: 'objects', labels: [], words: [], ask: 'list' }
      : undefined
  }
  const labels = [...new Set(mentions.flatMap(mention => mention.labels))]
  const ask = count
    ? 'count'
    : /\b(?:when|where|what time|which moment|find|show)\b/i.test(question)
      ? 'when'
      : 'presence'
  return { kind: 'objects', labels, words, ask }
}
