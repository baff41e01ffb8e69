import type { Passage } from '@cuewire/protocol'
import type { RankedPassage } from './engine.js'
import { MAX_PASSAGES, type UnnumberedPassage } from './evidence/evidence.js'

/** Gives the passages the numbers they are cited by, from 1. */
export function numbered(passages: readonly UnnumberedPassage[]): RankedPassage[] {
  return passages.slice(0, MAX_PASSAGES).map((passage, at) => ({ number: at + 1, ...passage }))
}

/** The part of a passage that clients see. */
export function toPublic({ number, modality, videoId, start, end, text }: RankedPassage): Passage {
  return { number, modality, videoId, start, end, text }
}
