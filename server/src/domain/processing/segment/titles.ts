import { LIMITS } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { Term } from '../../text/terms.js'
import type { Salience } from './keywords.js'

interface Phrase {
  readonly words: readonly Term[]
  readonly keys: readonly string[]
  readonly score: number
}

const NAMING = new Set(['NOUN', 'PROPN'])
const LONGEST_PHRASE = 3

/** A heading of two to six words from the noun phrases that tell most about a chapter; undefined when it names nothing. */
export function titleOf(terms: readonly Term[], salience: Salience): string | undefined {
  const phrases = nounPhrases(terms, salience).sort((a, b) => b.score - a.score)
  const [first] = phrases
  if (!first) return undefined
  const second = phrases.find(phrase => phrase.keys.every(key => !first.keys.includes(key)))
  const title = second && first.words.length < LONGEST_PHRASE ? `${write(first)} and ${write(second)}` : write(first)
  return cut(title.charAt(0).toUpperCase() + title.slice(1), LIMITS.titleLength)
}

/** Runs of adjectives and nouns that end in a noun, each different one once. */
function nounPhrases(terms: readonly Term[], salience: Salience): Phrase[] {
  const phrases = new Map<string, { words: readonly Term[]; times: number }>()
  for (const run of runsOf(terms))
    for (let from = 0; from < run.length; from += 1) {
      const words = run.slice(from)
      const key = words.map(word => word.key).join(' ')
      const known = phrases.get(key)
      phrases.set(key, { words: known?.words ?? words, times: (known?.times ?? 0) + 1 })
    }
  return [...phrases.values()].map(({ words, times }) => {
    const keys = words.map(word => word.key)
    const nouns = words.filter(word => NAMING.has(word.pos))
    const told = nouns.reduce((sum, word) => sum + (salience.get(word.key) ?? 0), 0) / nouns.length
    // A longer phrase says more, but only one that is said again is surely a name for something.
    return { words, keys, score: told * (1 + 0.25 * (words.length - 1) * (times > 1 ? 1 : -0.4)) * Math.sqrt(times) }
  })
}

function runsOf(terms: readonly Term[]): Term[][] {
  const runs: Term[][] = []
  let run: Term[] = []
  let end = -1
  const close = () => {
    while (run.length > 0 && !NAMING.has(run.at(-1)?.pos ?? '')) run.pop()
    if (run.length > 0) runs.push(run.slice(-LONGEST_PHRASE))
    run = []
  }
  for (const term of terms) {
    const fits =
      term.kind === 'word' && term.content && term.text.length > 2 && (NAMING.has(term.pos) || term.pos === 'ADJ')
    if (!fits || term.offset !== end + 1 || term.sentenceStart) close()
    if (fits) run.push(term)
    end = term.offset + term.text.length
  }
  close()
  return runs
}

/** As it was said, in lower case but for names. */
function write({ words }: Phrase): string {
  return words.map(word => (word.pos === 'PROPN' && !word.sentenceStart ? word.text : word.lower)).join(' ')
}
