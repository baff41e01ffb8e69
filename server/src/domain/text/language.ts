import { createRequire } from 'node:module'
import type { Document, ItemToken, WinkMethods } from 'wink-nlp'

/** One token of English text. */
export interface Token {
  /** As written. */
  readonly text: string
  readonly lower: string
  /** Universal part of speech: NOUN, PROPN, VERB, ADJ, NUM ... */
  readonly pos: string
  readonly kind: 'word' | 'number' | 'other'
  /** A function word, which says nothing about the subject. */
  readonly stop: boolean
  /** Place of the first character in the text. */
  readonly offset: number
}

interface Loaded {
  readonly nlp: WinkMethods
  readonly stem: (word: string) => string
}

const require = createRequire(import.meta.url)
let loaded: Loaded | undefined

/** Loads the language model (about 0.3 s) on first use: a server that only moves bytes never pays for it. */
function language(): Loaded {
  if (loaded) return loaded
  const create: typeof import('wink-nlp').default = require('wink-nlp')
  const model: import('wink-nlp').Model = require('wink-eng-lite-web-model')
  const stem = model.addons.stem
  if (typeof stem !== 'function') throw new Error('the language model has no stemmer')
  loaded = { nlp: create(model), stem: word => String(stem(word)) }
  return loaded
}

/** Loads the language model now, so that the first question does not wait for it. */
export function warmLanguage(): void {
  language()
}

/** The tokens of a text, in order. */
export function tokenize(text: string): Token[] {
  const { nlp } = language()
  const tokens: Token[] = []
  let offset = 0
  nlp
    .readDoc(text)
    .tokens()
    .each((item: ItemToken) => {
      const token = read(item, nlp)
      offset += token.spaces
      tokens.push({ ...token.token, offset })
      offset += token.token.text.length
    })
  return tokens
}

/** The sentences of a text, in order; together they are the whole text but for the spaces between them. */
export function sentencesOf(text: string): string[] {
  const document: Document = language().nlp.readDoc(text)
  return document.sentences().out()
}

/** Porter stem of a lower-case word. */
export function stemOf(word: string): string {
  return language().stem(word)
}

function read(item: ItemToken, { its }: WinkMethods) {
  const text = item.out()
  const type = String(item.out(its.type))
  return {
    spaces: String(item.out(its.precedingSpaces)).length,
    token: {
      text,
      lower: text.toLowerCase(),
      pos: String(item.out(its.pos)),
      kind: type === 'word' ? ('word' as const) : type === 'number' ? ('number' as const) : ('other' as const),
      stop: item.out(its.stopWordFlag) === true,
    },
  }
}
