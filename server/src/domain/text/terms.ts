import { keyOf } from './forms.js'
import { type Token, tokenize } from './language.js'

/** A token that can be matched: `key` is the same for all forms of a word. */
export interface Term extends Token {
  readonly key: string
  /** Says something about the subject: neither a function word nor an auxiliary. */
  readonly content: boolean
  /** The first word after the text begins or a full stop, where a capital letter says nothing. */
  readonly sentenceStart: boolean
}

/** Words the part-of-speech tagger calls content though they only carry the grammar of a talk. */
const EMPTY_WORDS = new Set(
  `be do have get let go come thing stuff something anything everything nothing someone anyone lot lots kind sort bit
  really actually basically just also well okay ok yes yeah no oh um uh hmm hello hi hey please thank thanks
  maybe perhaps quite rather even still yet already now then here there today etc would could should may might must shall will
  'll 've 're 'm 'd ll ve re s t d m gonna wanna one ones other another each every such same own else way upon within without like`.split(
    /\s+/,
  ),
)

/** The words and numbers of a text, function words included. */
export function termsOf(text: string): Term[] {
  const terms: Term[] = []
  let sentenceStart = true
  for (const token of tokenize(text)) {
    const isWord = token.kind !== 'other' && /[\p{L}\p{N}]/u.test(token.text)
    if (isWord) {
      const { lower, stop } = token
      const key = keyOf(lower.replace(/^'/, ''))
      const content = !stop && lower.length > 1 && !lower.includes("'") && !EMPTY_WORDS.has(lower)
      terms.push({ ...token, key, content, sentenceStart })
    }
    sentenceStart = isWord ? false : sentenceStart || /[.!?]/.test(token.text)
  }
  return terms
}

/** The keys of the content words of a text, in order, with repeats. */
export function contentKeys(text: string): string[] {
  return termsOf(text)
    .filter(term => term.content)
    .map(term => term.key)
}
