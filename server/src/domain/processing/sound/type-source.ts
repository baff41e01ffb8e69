import type { HeardType } from './sound-weights.js'

/** How likely each type of sound is; the sum is 1. */
export type TypeScores = Readonly<Record<HeardType, number>>

/** Judges mono samples at 16 kHz step by step, silent or not. Memory does not grow. */
export interface TypeSource {
  /** Takes the next samples and returns the scores of the steps that are now known, in order. */
  push(samples: Float32Array, signal: AbortSignal): Promise<readonly TypeScores[]>
  /** The scores that are left of so many steps. */
  finish(steps: number, signal: AbortSignal): Promise<readonly TypeScores[]>
}
