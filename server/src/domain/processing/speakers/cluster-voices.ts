import { setImmediate } from 'node:timers/promises'

/** The voice of one sentence. */
export interface Voice {
  /** Of length 1. */
  readonly vector: Float32Array
  /** How much of it was heard, in seconds. */
  readonly seconds: number
}

/**
 * Mean cosine between two groups of sentences from which they are taken for one speaker. Chosen on the development set of
 * `npm run quality -- speakers`.
 */
const SAME_SPEAKER = 0.72
/** Most sentences to group; others join the group they are most like. Time grows with the square of it. */
const MAX_GROUPED = 600
/** A speaker with less speech than this is taken for a sentence that sounds unlike the others. */
const MIN_SECONDS = 2

interface Group {
  readonly members: number[]
  seconds: number
}

/**
 * Groups voices by speaker: average-linkage agglomerative clustering (Sokal and Michener, 1958) with a threshold. Returns
 * the number of each voice's speaker, from 0 in order of appearance.
 */
export async function clusterVoices(voices: readonly Voice[], signal: AbortSignal): Promise<number[]> {
  const longest = voices
    .map((_, at) => at)
    .sort((a, b) => secondsOf(voices, b) - secondsOf(voices, a))
    .slice(0, MAX_GROUPED)
    .sort((a, b) => a - b)
  const groups = await grouped(voices, longest, signal)
  const lasting = groups.filter(({ seconds }) => seconds >= MIN_SECONDS)
  const speakers = (lasting.length > 0 ? lasting : groups.slice(0, 1)).map(({ members }) => ({
    members: new Set(members),
    centre: centreOf(voices, members),
  }))
  const numbers = new Map<number, number>()
  return voices.map(({ vector }, at) => {
    const own = speakers.findIndex(({ members }) => members.has(at))
    const speaker = own >= 0 ? own : nearest(vector, speakers)
    const number = numbers.get(speaker) ?? numbers.size
    numbers.set(speaker, number)
    return number
  })
}

/** Merges the two most alike groups until no two are alike enough. */
async function grouped(voices: readonly Voice[], chosen: readonly number[], signal: AbortSignal): Promise<Group[]> {
  const groups: (Group | undefined)[] = chosen.map(at => ({ members: [at], seconds: secondsOf(voices, at) }))
  const count = groups.length
  const likeness = new Float32Array(count * count)
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < row; column += 1) {
      const value = cosine(vectorOf(voices, chosen[row]), vectorOf(voices, chosen[column]))
      likeness[row * count + column] = value
      likeness[column * count + row] = value
    }
    await setImmediate()
    signal.throwIfAborted()
  }
  for (;;) {
    const pair = mostAlike(groups, likeness)
    if (!pair || pair.value < SAME_SPEAKER) return groups.filter(group => group !== undefined)
    const { first, second } = pair
    const [into, from] = [groups[first] as Group, groups[second] as Group]
    // Lance and Williams (1967): the mean over all pairs of members, sentences weighing alike.
    const [weight, other] = [into.members.length, from.members.length]
    for (let at = 0; at < count; at += 1) {
      const sum = weight * (likeness[first * count + at] ?? 0) + other * (likeness[second * count + at] ?? 0)
      likeness[first * count + at] = sum / (weight + other)
      likeness[at * count + first] = sum / (weight + other)
    }
    into.members.push(...from.members)
    into.seconds += from.seconds
    groups[second] = undefined
    await setImmediate()
    signal.throwIfAborted()
  }
}

function mostAlike(groups: readonly (Group | undefined)[], likeness: Float32Array) {
  const count = groups.length
  let best: { readonly first: number; readonly second: number; readonly value: number } | undefined
  for (let first = 0; first < count; first += 1) {
    if (!groups[first]) continue
    for (let second = first + 1; second < count; second += 1) {
      if (!groups[second]) continue
      const value = likeness[first * count + second] as number
      if (!best || value > best.value) best = { first, second, value }
    }
  }
  return best
}

function centreOf(voices: readonly Voice[], members: readonly number[]): Float32Array {
  const centre = new Float32Array(voices[0]?.vector.length ?? 0)
  for (const member of members) {
    const { vector, seconds } = voices[member] as Voice
    for (let at = 0; at < centre.length; at += 1) centre[at] = (centre[at] ?? 0) + (vector[at] ?? 0) * seconds
  }
  const norm = Math.hypot(...centre) || 1
  return centre.map(value => value / norm)
}

function nearest(vector: Float32Array, speakers: readonly { readonly centre: Float32Array }[]): number {
  const values = speakers.map(({ centre }) => cosine(vector, centre))
  return values.indexOf(Math.max(...values))
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number)
  return sum
}

const secondsOf = (voices: readonly Voice[], at: number) => voices[at]?.seconds ?? 0
const vectorOf = (voices: readonly Voice[], at: number | undefined) => (voices[at ?? 0] as Voice).vector
