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
  /** The run of characters that this token is a piece of, where it was too long to be read whole. */
  readonly run?: string
}

interface Loaded {
  readonly nlp: WinkMethods
  readonly stem: (word: string) => string
  /** Characters read since it was built. */
  read: number
}

/** wink-nlp takes quadratic and cubic time for long runs without a space, so these are cut. */
const MAX_RUN = 100
const LONG_RUN = new RegExp(`[^ \\t-\\r]{${MAX_RUN + 1},}`, 'g')
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
  const { cut, runs } = cutLongRuns(text)
  const tokens = readDoc(cut).tokens()
  const types = tokens.out(its.type) as string[]
  const tags = tokens.out(its.pos) as string[]
  const stops = tokens.out(its.stopWordFlag) as boolean[]
  const spaces = tokens.out(its.precedingSpaces) as string[]
  let offset = 0
  let next = 0
  return tokens.out().map((written, at): Token => {
    const start = offset + (spaces[at]?.length ?? 0)
    offset = start + written.length
    const type = types[at]
    while ((runs[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next += 1
    const run = runs[next]
    return {
      text: written,
      lower: written.toLowerCase(),
      pos: tags[at] ?? '',
      kind: type === 'word' || type === 'number' ? type : 'other',
      stop: stops[at] === true,
      offset: start,
      ...(run && run.start <= start && { run: run.text }),
    }
  })
}

/** Porter stem of a lower-case word. */
export function stemOf(word: string): string {
  return language().stem(word)
}

interface LongRun {
  readonly text: string
  /** Where its pieces lie in the text that is read. */
  readonly start: number
  readonly end: number
}

/** The text with spaces in each run of characters that would be too long. */
function cutLongRuns(text: string): { readonly cut: string; readonly runs: readonly LongRun[] } {
  const runs: LongRun[] = []
  let cut = ''
  let copied = 0
  for (const { 0: run, index } of text.matchAll(LONG_RUN)) {
    cut += text.slice(copied, index)
    const start = cut.length
    cut += piecesOf(run).join(' ')
    runs.push({ text: run, start, end: cut.length })
    copied = index + run.length
  }
  return { cut: cut + text.slice(copied), runs }
}

function piecesOf(run: string): readonly string[] {
  const pieces: string[] = []
  for (let start = 0, end = 0; start < run.length; start = end) {
    end = start + MAX_RUN
    while (isLowSurrogate(run.charCodeAt(end))) end += 1
    pieces.push(run.slice(start, end))
  }
  return pieces
}

const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff
