import { createRequire } from 'node:module'
import type { WinkMethods } from 'wink-nlp'

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
  /** Place of the first character in the text, as long as no longer run of characters than `MAX_RUN` came before. */
  readonly offset: number
}

interface Loaded {
  readonly nlp: WinkMethods
  readonly stem: (word: string) => string
  /** Characters read since it was built. */
  read: number
}

/** wink-nlp takes quadratic and cubic time for long runs without a space, so these are cut. */
const MAX_RUN = 100
/** wink-nlp keeps every unknown word for ever, so it is built anew (in about 0.1 s) after so many characters. */
const REBUILD_AFTER = 4_000_000

const require = createRequire(import.meta.url)
let loaded: Loaded | undefined

/**
 * Loads the language model (about 0.3 s) on first use. Reading text with it takes a microsecond a character, so the server
 * only does so in its text threads.
 */
function language(): Loaded {
  if (loaded && loaded.read < REBUILD_AFTER) return loaded
  const create: typeof import('wink-nlp').default = require('wink-nlp')
  const model: import('wink-nlp').Model = require('wink-eng-lite-web-model')
  const stem = model.addons.stem
  if (typeof stem !== 'function') throw new Error('the language model has no stemmer')
  loaded = { nlp: create(model, ['pos']), stem: word => String(stem(word)), read: 0 }
  return loaded
}

/** Loads the language model now, so that the first question does not wait for it. */
export function warmLanguage(): void {
  language()
}

/** The tokens of a text, in order. */
export function tokenize(text: string): Token[] {
  const current = language()
  current.read += text.length
  const { its, readDoc } = current.nlp
  const tokens = readDoc(withoutLongRuns(text)).tokens()
  const types = tokens.out(its.type) as string[]
  const tags = tokens.out(its.pos) as string[]
  const stops = tokens.out(its.stopWordFlag) as boolean[]
  const spaces = tokens.out(its.precedingSpaces) as string[]
  let offset = 0
  return tokens.out().map((written, at): Token => {
    const start = offset + (spaces[at]?.length ?? 0)
    offset = start + written.length
    const type = types[at]
    return {
      text: written,
      lower: written.toLowerCase(),
      pos: tags[at] ?? '',
      kind: type === 'word' || type === 'number' ? type : 'other',
      stop: stops[at] === true,
      offset: start,
    }
  })
}

/** Porter stem of a lower-case word. */
export function stemOf(word: string): string {
  return language().stem(word)
}

/** The text with a space in each run of characters that would be too long. */
function withoutLongRuns(text: string): string {
  let cut = ''
  let copied = 0
  let run = 0
  for (let at = 0; at < text.length; at += 1) {
    run = isSpace(text.charCodeAt(at)) ? 0 : run + 1
    if (run <= MAX_RUN || isLowSurrogate(text.charCodeAt(at))) continue
    cut += `${text.slice(copied, at)} `
    copied = at
    run = 1
  }
  return copied === 0 ? text : cut + text.slice(copied)
}

const isSpace = (code: number) => code === 0x20 || (code >= 0x09 && code <= 0x0d)
const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff
