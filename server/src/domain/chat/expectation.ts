import type { Term } from '../text/terms.js'

/** The kind of word an answer should contain. */
export type Expectation = 'person' | 'time' | 'place' | 'number' | 'reason' | 'manner' | 'any'

const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december'
const NUMBER_WORDS =
  'zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|quarter|third|once|twice|several|few'
const TIME_WORDS =
  "o'clock|a\\.m\\.|p\\.m\\.|morning|noon|afternoon|evening|night|midnight|dawn|dusk|sunrise|sunset|today|tomorrow|yesterday|spring|summer|autumn|fall|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|century|centuries|before|after|until|when|while|during|early|late|ago|first|then|soon|century"

const ASKS: readonly (readonly [Expectation, RegExp])[] = [
  [
    'number',
    /\bhow (?:many|much|long|far|deep|high|tall|wide|big|large|heavy|old|fast|hot|cold|often|thick|small|quickly)\b/i,
  ],
  [
    'number',
    /\b(?:what|which) (?:is the |was the |are the )?(?:number|amount|temperature|height|weight|length|size|speed|age|distance|depth|price|cost|share|percentage)\b/i,
  ],
  ['time', /\b(?:when|(?:what|which) (?:time|year|day|date|month|hour|century|season))\b/i],
  ['person', /\b(?:who|whose|whom)\b/i],
  ['place', /\b(?:where|(?:what|which) (?:place|city|country|town|island|region|location))\b/i],
  ['reason', /\b(?:why|what (?:is|was) the (?:reason|cause)|for what reason|how come)\b/i],
  ['manner', /\bhow\b/i],
]

const SIGNS: Readonly<Record<Exclude<Expectation, 'person' | 'any'>, RegExp>> = {
  number: new RegExp(`\\d|\\b(?:${NUMBER_WORDS})\\b`, 'i'),
  time: new RegExp(`\\b(?:1\\d{3}|20\\d{2})\\b|\\b(?:${MONTHS}|${TIME_WORDS})\\b`, 'i'),
  place:
    /\b(?:in|at|on|near|from|to|into|under|over|along|around|across|inside|outside|north|south|east|west|beside|behind|above|below)\b/i,
  reason:
    /\b(?:because|since|so that|so|due to|therefore|thus|reason|why|as a result|in order to|or else|otherwise|to)\b/i,
  manner: /\b(?:by|with|through|using|when|first|then|slowly|gently|until|so that)\b/i,
}

/** What a question asks for. */
export function expectationOf(question: string): Expectation {
  return ASKS.find(([, pattern]) => pattern.test(question))?.[0] ?? 'any'
}

/** Whether a sentence contains the kind of word asked for. A name from the question itself does not answer "who". */
export function satisfies(
  expectation: Expectation,
  sentence: string,
  terms: readonly Term[],
  asked: ReadonlySet<string>,
): boolean {
  if (expectation === 'any') return true
  if (expectation === 'person') return terms.some(term => (isName(term) || isRole(term)) && !asked.has(term.key))
  return SIGNS[expectation].test(sentence)
}

const isName = (term: Term) => term.pos === 'PROPN' && /^\p{Lu}/u.test(term.text) && !term.sentenceStart
/** Trades and roles, by the suffixes English makes them with. */
const isRole = (term: Term) =>
  term.pos === 'NOUN' && /(?:er|or|ist|ian|man|men|woman|women|people|ess|eer|ant)s?$/.test(term.lower)
