import { cut } from '../../../lib/text.js'
import { type Term, termsOf } from '../../text/terms.js'
import { isVerb } from './phrases.js'

/** Words a speaker may put in front of an opening. */
const LEAD =
  /^(?:(?:okay|ok|right|alright|all right|now|so|and|well|then|good|great|anyway|finally|lastly|next|moving on|first of all|first|firstly|second|secondly|third|thirdly|fourth|to (?:finish|conclude|begin|start)|before we [a-z ]+|number [a-z]+|(?:step|part|chapter) [a-z0-9]+)[,.:;]\s+|(?:okay|right|alright|now|so|and|well|then) (?=(?:so|and|then|finally|lastly|let|what|how|why|on to|now|that|this|which|today|tonight|in this|i|we|the|an?|our|your|[a-z]+ing)\b))+/i
const VERB =
  '(?:talk|speak|hear|learn|think|look|turn(?: (?:our|your) attention)?|move(?: on)?|go(?: on)?|come|start(?: off)?|begin|kick off|continue|switch|dive|get|jump|see|cover|discuss|explore|explain|show(?: you)?|describe|introduce|consider|tell you|have a (?:quick |closer )?look|take a (?:quick |closer )?look)'
const WHEN = '(?:(?:today|tonight|now|then|here|in this [a-z]+|in the next [a-z ]+),? )?'
const PREPOSITION = '(?:(?:about|with|to|into|at|on|on to|onto|over to|through|by)\\s+)?'
const WANT =
  "(?:want to|would like to|'d like to|will|'ll|am going to|'m going to|are going to|'re going to|can|shall|should)"

/** Openings that name a subject, with the subject last. */
const OPENINGS = [
  `${WHEN}(?:let's|let us|let me)(?: now| just| also| first)? ${VERB}\\s+${PREPOSITION}(.+)`,
  `${WHEN}(?:i|we)\\s?${WANT}(?: now| just| also| first)? ${VERB}\\s+${PREPOSITION}(.+)`,
  `${WHEN}(?:i|we)\\s?${WANT} give you (?:an?|some) (?:[a-z]+ )?(?:tour|overview|introduction|idea|impression) (?:of|to) (.+)`,
  "the (?:first|second|third|fourth|fifth|next|last|final) (?:[a-z]+ )?(?:i|we)[a-z' ]* (?:is|are) (.+)",
  '(?:the|our|my) (?:first|second|third|fourth|fifth|sixth|seventh|next|last|final) [a-z]+ (?:is|are|concerns) (?:about )?(.+)',
  '(?:next|first)(?: up)?,? (?:comes|come|is|are) (.+)',
  'now (?:for|to|on to|about) (.+)',
  '(?:now )?(the [a-z]+(?: [a-z]+)?) (?:itself|themselves)\\.?$',
  '(?:moving |turning )?on ?to (.+)',
  'turning (?:now )?to (.+)',
  '(?:that|this|which) brings (?:me|us)(?: back)? to (.+)',
  '(?:what|how) about (.+)',
  '(?:then )?there is (?:also )?the (?:question|matter|problem|issue) of (.+)',
  '(?:as for|when it comes to|speaking of) (.+)',
  'a (?:quick |last |final |few )?words? (?:about|on) (.+)',
  "(?:this|today's|our) (?:talk|video|lesson|lecture|course|episode|class|chapter|section|part) is (?:all )?about (.+)",
  '(?:hello[^,.]*,? |hi[^,.]*,? )?(?:and )?welcome to (?:[a-z]+ ){0,4}(?:talk|video|lesson|lecture|course|episode|class|tutorial) (?:on|about) (.+)',
].map(pattern => new RegExp(`^${pattern}`, 'i'))
const QUESTION = /^(?:what|how|why|when|where|who|which)\b[^?]*\?$/i

const BEFORE_SUBJECT =
  /^(?:(?:the|a|an|our|your|my|its|their|some) (?:(?:question|topic|subject|matter|problem|issue|idea|concept|art|basics) (?:of|about) )?|(?:talk|talking|a (?:few )?words?) (?:about|on) |about |you )/i
const AFTER_SUBJECT =
  /\s+(?:itself|themselves|now|today|first|next|then|here|quickly|briefly|as well|too|in (?:more |some )?detail|for (?:a|one) (?:minute|moment|second|bit)|in (?:this|the next) \w+)$/i
/** What begins a further clause. */
const CLAUSE =
  /(?:[,;:.!?(]|\s[-–—]\s|\s(?:and (?:i|we|you|then|that)|so that|so|because|since|which|while|before|after|but|as)\s)/i
/** An enumeration, whose commas end no clause. */
const LIST = /^[^,;:.!?]+(?:, [^,;:.!?]+)+,? and [^,;:.!?]+/i
const REFERRING = /^(?:it|this|that|these|those|them|him|her|me|us|you|there|here|one|how it)\b(?! \w+ing)/i

/** A greeting, or a reference to something said before. */
const NO_HEADING =
  /^(?:welcome|hello|hi|hey|good (?:morning|afternoon|evening)|thanks|thank you|bye|goodbye)\b|\b(?:this|that|these|those)\b/i
/** Words that name no subject. */
const EMPTY =
  /^(?:good|first|second|third|next|last|final|main|other|others|question|questions|part|point|points|thing|things|topic|subject|reason|morning|evening)$/

const MAX_WORDS = 8
const MAX_HEADING = 7
const MAX_LENGTH = 60
/** Parts of speech of a heading. */
const NOMINAL = new Set(['NOUN', 'PROPN', 'ADJ', 'NUM', 'DET', 'ADP', 'CCONJ', 'PART'])

/**
 * The subject that a sentence opens: what it announces ("Let's talk about strings" -> "strings"), the question it asks,
 * or the sentence itself if it is a mere heading ("Okay, the honey harvest."). Undefined if it does none of these.
 */
export function announcedSubject(sentence: string): string | undefined {
  const opening = withoutLead(sentence.trim())
  for (const pattern of OPENINGS) {
    const subject = pattern.exec(opening)?.[1]
    if (subject !== undefined) return titled(subject)
  }
  if (QUESTION.test(opening)) return isShort(opening) && hasContent(termsOf(opening)) ? capitalised(opening) : undefined
  return isHeading(opening) ? titled(opening) : undefined
}

function withoutLead(sentence: string): string {
  const rest = sentence.replace(LEAD, '')
  return rest === sentence ? rest : withoutLead(rest)
}

/** Whether it is a phrase without a verb, other than an infinitive or a gerund at its start. */
function isHeading(text: string): boolean {
  const terms = termsOf(text)
  if (terms.length > MAX_HEADING || /[,;:?]/.test(text) || NO_HEADING.test(text)) return false
  const isActivity = /^(?:how to \w+|\w{3,}ing)\b/i.test(text) && !terms.some(({ pos }) => pos === 'AUX')
  return (
    hasContent(terms) &&
    (isActivity || terms.every((term, at) => NOMINAL.has(term.pos) && !isVerb(term, terms[at - 1], terms[at + 1])))
  )
}

/** A subject as a title, unless it is too long, or stands for something said before. */
function titled(subject: string): string | undefined {
  const list = LIST.exec(subject)?.[0]
  let text = (list ?? subject.split(CLAUSE)[0] ?? '').trim()
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replace(BEFORE_SUBJECT, '').replace(AFTER_SUBJECT, '').trim()
  }
  if (text === '' || REFERRING.test(text) || !isShort(text) || !hasContent(termsOf(text))) return undefined
  return capitalised(text)
}

const isShort = (text: string) => text.length <= MAX_LENGTH && text.split(/\s+/).length <= MAX_WORDS
/** Whether it names something. */
const hasContent = (terms: readonly Term[]) =>
  terms.some(({ content, pos, lower }) => content && pos !== 'INTJ' && !EMPTY.test(lower))
const capitalised = (text: string) => cut(text.charAt(0).toUpperCase() + text.slice(1), MAX_LENGTH)
