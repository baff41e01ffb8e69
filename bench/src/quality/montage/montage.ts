import { seededRandom } from '../../lib/seeded-random.js'
import { DISTRACTOR_NAMES, DISTRACTORS, type Distractor, type DistractorName } from './distractors.js'
import { type Footage, makeFootage, pick, type Stock } from './footage.js'

const SHOTS = 24
const RATES = [24, 25, 30, 60, 30] as const

export type TransitionType = 'cut' | 'dissolve' | 'fade'

/** A true boundary. A cut has no length: both are the time of the first frame after it. */
export interface TrueBoundary {
  readonly type: TransitionType
  readonly start: number
  readonly end: number
}

/** How a boundary is made. `out` and `in` are the parts of a fade in which the old shot goes and the new one comes. */
interface Transition extends TrueBoundary {
  readonly out: number
  readonly in: number
  /** The colour of a fade, as a level of all channels. */
  readonly level: number
  readonly isSmooth: boolean
}

export interface MontageShot {
  readonly start: number
  readonly end: number
  readonly footage: Footage
  readonly distractor: Distractor | undefined
}

export interface Montage {
  readonly rate: number
  /** Some frames are left out. */
  readonly isVariable: boolean
  readonly seconds: number
  readonly shots: readonly MontageShot[]
  /** `transitions[n]` joins shots n and n + 1. */
  readonly transitions: readonly Transition[]
  readonly distractors: readonly { readonly name: DistractorName; readonly start: number; readonly end: number }[]
}

/** Plans a montage of shots joined by cuts, dissolves and fades, with distractors in two of three shots. */
export async function planMontage(seed: number, stock: Stock, signal: AbortSignal): Promise<Montage> {
  const random = seededRandom(seed)
  const rate = RATES[seed % RATES.length] ?? 30
  const toFrame = (seconds: number) => Math.round(seconds * rate) / rate
  const shots: MontageShot[] = []
  const transitions: Transition[] = []
  const distractors: Montage['distractors'][number][] = []
  let start = 0
  let lead = 0
  for (let index = 0; index < SHOTS; index++) {
    const next = index < SHOTS - 1 ? drawTransition(random, toFrame) : undefined
    const tail = next ? next.out : 0
    const seconds = toFrame(lead + 1.6 + random() * 2.5 + tail)
    const name = random() < 0.67 ? pick(DISTRACTOR_NAMES, random) : undefined
    const span = { from: lead + 0.4, to: seconds - tail - 0.4, frameSeconds: 1 / rate, random }
    const distractor: Distractor | undefined = name && DISTRACTORS[name](span)
    const avoid = shots.at(-1)?.footage.subject
    const footage = await makeFootage(stock, { seconds, random, signal, avoid, camera: distractor?.camera })
    const end = toFrame(start + seconds)
    shots.push({ start, end, footage, distractor })
    if (name && distractor) distractors.push({ name, start: start + distractor.start, end: start + distractor.end })
    if (!next) break
    const from = toFrame(end - next.out)
    transitions.push({ ...next, start: from, end: toFrame(from + next.end) })
    start = next.type === 'fade' ? toFrame(from + next.end - next.in) : from
    lead = next.in
  }
  const isVariable = seed % RATES.length === RATES.length - 1
  return { rate, isVariable, seconds: shots.at(-1)?.end ?? 0, shots, transitions, distractors }
}

/** A transition that starts at 0. */
function drawTransition(random: () => number, toFrame: (seconds: number) => number): Transition {
  const kind = random()
  const common = { start: 0, level: random() < 0.7 ? 0 : 255, isSmooth: random() < 0.2 }
  if (kind < 0.4) return { ...common, type: 'cut', end: 0, out: 0, in: 0 }
  if (kind < 0.75) {
    const seconds = toFrame(0.5 * 8 ** random())
    return { ...common, type: 'dissolve', end: seconds, out: seconds, in: seconds }
  }
  const seconds = 0.3 + 1.7 * random() ** 2
  const out = toFrame(seconds * (0.4 + 0.2 * random()))
  const entry = toFrame(seconds - out)
  const flat = random() < 0.5 ? 0 : toFrame(random() * 0.7)
  return { ...common, type: 'fade', end: out + flat + entry, out, in: entry }
}
