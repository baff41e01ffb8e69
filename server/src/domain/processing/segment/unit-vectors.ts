/** What a sentence is about, as two vectors of length 1 or 0. */
export interface UnitVector {
  /** By its meaning; empty without a sentence model. */
  readonly meaning: Float32Array
  /** By its words that the text has more than once: key -> weight. */
  readonly words: ReadonlyMap<string, number>
}

/** Share of the words in the similarity of two sentences, beside a sentence model. */
const WORDS_SHARE = 0.3

/**
 * The vectors of the sentences of one text, given by the keys of their words and, if there is a sentence model, their
 * meanings. What all of them have in common is taken out of the meanings, so that what remains tells the parts of the
 * text apart.
 */
export function unitVectors(
  keys: readonly (readonly string[])[],
  meanings: readonly Float32Array[] = [],
): UnitVector[] {
  const centred = withoutMean(meanings)
  const words = weighted(keys)
  return words.map((map, at) => ({ meaning: centred[at] ?? new Float32Array(), words: map }))
}

/** The sum of a run of sentences, which grows at its end. */
export class RunningSum {
  readonly #meaning: Float64Array
  readonly #words = new Map<string, number>()
  readonly #share: number
  #meaningNorm = 0
  #wordsNorm = 0
  #count = 0

  constructor(size: number) {
    this.#meaning = new Float64Array(size)
    this.#share = size > 0 ? WORDS_SHARE : 1
  }

  add({ meaning, words }: UnitVector): void {
    for (const [at, value] of meaning.entries()) {
      const before = this.#meaning[at] ?? 0
      this.#meaningNorm += value * (2 * before + value)
      this.#meaning[at] = before + value
    }
    // A sentence without shared words is like itself and nothing else.
    if (words.size === 0) this.#wordsNorm += 1
    for (const [key, value] of words) {
      const before = this.#words.get(key) ?? 0
      this.#wordsNorm += value * (2 * before + value)
      this.#words.set(key, before + value)
    }
    this.#count += 1
  }

  /**
   * How much the sentences differ from their mean: the sum of their squared distances to it (the kernel change-point
   * cost of Arlot, Celisse and Harchaoui, "A kernel multiple change-point algorithm via model selection", 2019).
   */
  get scatter(): number {
    const norm = (1 - this.#share) * this.#meaningNorm + this.#share * this.#wordsNorm
    return this.#count === 0 ? 0 : this.#count - norm / this.#count
  }
}

/** How alike two sentences are: the cosine of their meanings and of their words, weighted. */
export function similarity(a: UnitVector, b: UnitVector): number {
  const share = a.meaning.length > 0 ? WORDS_SHARE : 1
  let words = 0
  const [fewer, more] = a.words.size < b.words.size ? [a.words, b.words] : [b.words, a.words]
  for (const [key, weight] of fewer) words += weight * (more.get(key) ?? 0)
  let meaning = 0
  for (const [at, value] of a.meaning.entries()) meaning += value * (b.meaning[at] ?? 0)
  return (1 - share) * meaning + share * words
}

/** The mean of some sentences, scaled to length 1. */
export function centroidOf(vectors: readonly UnitVector[]): UnitVector {
  const meaning = new Float32Array(vectors[0]?.meaning.length ?? 0)
  const words = new Map<string, number>()
  for (const vector of vectors) {
    for (const [at, value] of vector.meaning.entries()) meaning[at] = (meaning[at] ?? 0) + value
    for (const [key, weight] of vector.words) words.set(key, (words.get(key) ?? 0) + weight)
  }
  const norm = Math.hypot(...words.values())
  return { meaning: unit(meaning), words: new Map([...words].map(([key, weight]) => [key, weight / (norm || 1)])) }
}

/** How much neighbours differ on average: the scatter to expect of a sentence within one subject. */
export function neighbourScatter(units: readonly UnitVector[]): number {
  if (units.length < 2) return 0
  const size = units[0]?.meaning.length ?? 0
  let sum = 0
  for (let at = 1; at < units.length; at += 1) {
    const pair = new RunningSum(size)
    for (const unit of units.slice(at - 1, at + 1)) pair.add(unit)
    sum += pair.scatter
  }
  return sum / (units.length - 1)
}

function withoutMean(vectors: readonly Float32Array[]): Float32Array[] {
  const mean = new Float64Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) for (const [at, value] of vector.entries()) mean[at] = (mean[at] ?? 0) + value
  return vectors.map(vector => unit(vector.map((value, at) => value - (mean[at] ?? 0) / vectors.length)))
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return norm > 0 ? vector.map(value => value / norm) : vector
}

/** The words of each sentence by the root of their count and the logarithm of their rarity, scaled to length 1. */
function weighted(keys: readonly (readonly string[])[]): Map<string, number>[] {
  const frequency = new Map<string, number>()
  for (const own of keys) for (const key of new Set(own)) frequency.set(key, (frequency.get(key) ?? 0) + 1)
  return keys.map(own => {
    const counts = new Map<string, number>()
    for (const key of own) if ((frequency.get(key) ?? 0) > 1) counts.set(key, (counts.get(key) ?? 0) + 1)
    const weights = [...counts].map(([key, count]) => {
      return [key, Math.sqrt(count) * Math.log(keys.length / (frequency.get(key) ?? 1))] as const
    })
    const norm = Math.hypot(...weights.map(([, weight]) => weight))
    return new Map(norm > 0 ? weights.map(([key, weight]) => [key, weight / norm]) : [])
  })
}
