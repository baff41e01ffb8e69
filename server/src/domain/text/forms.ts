import { BASE_FORM, DERIVATIONS, INFLECTIONS, NEAR_SYNONYMS } from './irregular.js'
import { stemOf } from './language.js'

/** A written form to look for, and how much finding it counts. */
export interface Form {
  readonly word: string
  /** 1 for the word itself, less for a word that only means nearly the same. */
  readonly weight: number
}

/** Short adjectives that the tables hold. */
const COMPARABLE = new Set(
  `big large great small tiny high deep long wide broad strong hot warm cold old young fast quick slow poor rich weak hard easy
  simple close near quiet calm safe wet dry thick thin heavy light short tall loud smart clever wise hungry angry thirsty`.split(
    /\s+/,
  ),
)
const SYNONYM_WEIGHT = 0.75
const keys = new Map<string, string>()
const KEYS_KEPT = 50_000

/** What all forms of a word share: "eruptions" and "erupted", "left" and "leaving", "harbour" and "harbor". */
export function keyOf(word: string): string {
  const lower = word.toLowerCase()
  const known = keys.get(lower)
  if (known !== undefined) return known
  const key = stemOf(american(BASE_FORM.get(lower) ?? lower))
  if (keys.size >= KEYS_KEPT) keys.clear()
  keys.set(lower, key)
  return key
}

/** The written forms that stand for a word in a text, itself first. */
export function formsOf(word: string): Form[] {
  const lower = word.toLowerCase()
  const base = baseOf(lower)
  const roots = [base, ...derived(base)]
  const synonyms = roots.slice(0, 1).flatMap(root => NEAR_SYNONYMS.get(root) ?? [])
  const forms = new Map<string, number>([[lower, 1]])
  for (const root of roots) for (const form of inflected(root)) if (!forms.has(form)) forms.set(form, 1)
  for (const near of synonyms) for (const form of inflected(near)) if (!forms.has(form)) forms.set(form, SYNONYM_WEIGHT)
  return [...forms].map(([form, weight]) => ({ word: form, weight }))
}

/** The tables' spelling of a word: "leaving" and "left" are in them as "leave". */
function baseOf(word: string): string {
  const irregular = BASE_FORM.get(word)
  if (irregular) return irregular
  if (inTables(word)) return word
  const stripped = [
    word.replace(/ies$/, 'y'),
    word.replace(/s$/, ''),
    word.replace(/es$/, ''),
    word.replace(/ed$/, ''),
    word.replace(/d$/, ''),
    word.replace(/ing$/, ''),
    word.replace(/ing$/, 'e'),
    word.replace(/(.)\1(ing|ed|er|est)$/, '$1'),
    word.replace(/e?(r|st)$/, ''),
    word.replace(/(r|st)$/, ''),
    word.replace(/i(er|est)$/, 'y'),
  ]
  return stripped.find(inTables) ?? word
}

const inTables = (word: string) =>
  COMPARABLE.has(word) || DERIVATIONS.has(word) || NEAR_SYNONYMS.has(word) || INFLECTIONS.has(word)

function inflected(base: string): string[] {
  const compared = COMPARABLE.has(base) ? comparison(base) : []
  return [...(INFLECTIONS.get(base) ?? []), ...spellings(base), ...compared]
}

/** big, bigger, biggest; large, larger, largest; heavy, heavier, heaviest. */
function comparison(adjective: string): string[] {
  const stem = /[^aeiou][aeiou][bdgmnpt]$/.test(adjective)
    ? adjective + adjective.slice(-1)
    : adjective.replace(/e$/, '').replace(/y$/, 'i')
  return [`${stem}er`, `${stem}est`]
}

/** Words made with the suffixes that Porter's stemmer leaves on: bake and baker, explore and explorer. */
function derived(base: string): string[] {
  const regular: string[] = []
  if (/[^aeiou]er$/.test(base) && base.length > 4) regular.push(base.slice(0, -2), base.slice(0, -1))
  else if (base.length > 3 && !base.endsWith('s')) regular.push(base.endsWith('e') ? `${base}r` : `${base}er`)
  return [...(DERIVATIONS.get(base) ?? []), ...regular]
}

/** A word in British and American spelling. */
function spellings(word: string): string[] {
  const us = american(word)
  const british = us
    .replace(/^(.{2,}[^aeiou])or(s|ed|ing|ful)?$/, '$1our$2')
    .replace(/^(.{3,})iz(e|es|ed|ing|ation)$/, '$1is$2')
    .replace(/^(.*(?:cent|met|lit|fib|theat))er(s?)$/, '$1re$2')
  return [...new Set([word, us, british])]
}

function american(word: string): string {
  return word
    .replace(/^(.{2,}[^aeiou])our(s|ed|ing|ful)?$/, '$1or$2')
    .replace(/^(.{3,})is(e|es|ed|ing|ation)$/, '$1iz$2')
    .replace(/^(.*(?:cent|met|lit|fib|theat))re(s?)$/, '$1er$2')
}
