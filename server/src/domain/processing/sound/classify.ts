import { HEARD_TYPES, WEIGHTS } from './sound-weights.js'
import type { TypeScores } from './type-source.js'

/** Judges the features of a window, in the order of `FEATURE_NAMES`, by multinomial logistic regression. */
export function classify(features: readonly number[]): TypeScores {
  const scores = HEARD_TYPES.map(type => {
    const { bias, weights } = WEIGHTS[type]
    return features.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), bias)
  })
  const greatest = Math.max(...scores)
  const powers = scores.map(score => Math.exp(score - greatest))
  const sum = powers.reduce((total, power) => total + power, 0)
  const [speech = 0, music = 0, other = 0] = powers.map(power => power / sum)
  return { speech, music, other }
}
