import { SilenceGate } from '@cuewire/server/domain/processing/sound/silence-gate.js'
import { SoundSteps } from '@cuewire/server/domain/processing/sound/sound-steps.js'
import { HEARD_TYPES } from '@cuewire/server/domain/processing/sound/sound-weights.js'
import { FEATURE_NAMES } from '@cuewire/server/domain/processing/sound/window-features.js'
import { labelledSounds, SOUND_SETS } from './labelled-sounds.js'

const SIZE = FEATURE_NAMES.length
/** The weights of a type, and its bias. */
const LINE = SIZE + 1
const TYPES = HEARD_TYPES.length
const ROUNDS = 1000
const RATE = 0.5
const MOMENTUM = 0.9
/** Keeps weights small: windows of one sound are much alike. */
const DECAY = 0.001

interface Examples {
  /** A row of features and a 1 for each example. */
  readonly rows: Float64Array
  readonly answers: readonly number[]
}

/** Fits `sound-weights.ts` to the development set and prints it: multinomial logistic regression, each type counting alike. */
async function main(): Promise<void> {
  const { rows, answers } = await examples()
  const scales = standardise(rows, answers.length)
  const weights = fit({ rows, answers })
  const short = (value: number) => Number(value.toPrecision(4))
  for (const [type, name] of HEARD_TYPES.entries()) {
    const line = weights.subarray(type * LINE, (type + 1) * LINE)
    const perUnit = scales.map(({ spread }, at) => (line[at] ?? 0) / spread)
    const bias = scales.reduce((sum, { mean }, at) => sum - mean * (perUnit[at] ?? 0), line[SIZE] ?? 0)
    console.log(`  ${name}: { bias: ${short(bias)}, weights: [${perUnit.map(short).join(', ')}] },`)
  }
}

async function examples(): Promise<Examples> {
  const rows: number[] = []
  const answers: number[] = []
  for (const { type, samples } of await labelledSounds(SOUND_SETS.development, AbortSignal.timeout(600_000))) {
    const answer = (HEARD_TYPES as readonly string[]).indexOf(type)
    if (answer < 0) continue
    const gate = new SilenceGate()
    const silent = [...gate.push(samples), ...gate.finish()]
    const steps = new SoundSteps()
    for (const [step, features] of [...steps.push(samples), ...steps.finish(silent.length)].entries()) {
      if (silent[step]) continue
      rows.push(...features, 1)
      answers.push(answer)
    }
  }
  return { rows: Float64Array.from(rows), answers }
}

/** Scales each feature to mean 0 and spread 1, in place. */
function standardise(rows: Float64Array, count: number): { readonly mean: number; readonly spread: number }[] {
  return FEATURE_NAMES.map((_, feature) => {
    const values = Float64Array.from({ length: count }, (_value, at) => rows[at * LINE + feature] ?? 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / count
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) || 1
    for (const [at, value] of values.entries()) rows[at * LINE + feature] = (value - mean) / spread
    return { mean, spread }
  })
}

function fit({ rows, answers }: Examples): Float64Array {
  const counts = HEARD_TYPES.map((_, type) => answers.filter(answer => answer === type).length)
  const weights = new Float64Array(TYPES * LINE)
  const speed = new Float64Array(TYPES * LINE)
  const powers = new Float64Array(TYPES)
  for (let round = 0; round < ROUNDS; round += 1) {
    const slope = weights.map((weight, at) => (at % LINE < SIZE ? DECAY * weight : 0))
    for (const [index, answer] of answers.entries()) {
      const row = rows.subarray(index * LINE, (index + 1) * LINE)
      let whole = 0
      for (let type = 0; type < TYPES; type += 1) {
        let score = 0
        for (let at = 0; at < LINE; at += 1) score += (row[at] as number) * (weights[type * LINE + at] as number)
        powers[type] = Math.exp(score)
        whole += powers[type] as number
      }
      const share = 1 / (TYPES * (counts[answer] as number))
      for (let type = 0; type < TYPES; type += 1) {
        const miss = ((powers[type] as number) / whole - (type === answer ? 1 : 0)) * share
        for (let at = 0; at < LINE; at += 1) {
          const place = type * LINE + at
          slope[place] = (slope[place] as number) + miss * (row[at] as number)
        }
      }
    }
    for (let at = 0; at < weights.length; at += 1) {
      speed[at] = MOMENTUM * (speed[at] as number) - RATE * (slope[at] as number)
      weights[at] = (weights[at] as number) + (speed[at] as number)
    }
  }
  return weights
}

await main()
