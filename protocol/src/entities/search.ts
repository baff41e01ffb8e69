import { type Static, Type } from '@sinclair/typebox'
import { KIND_MODALITIES } from '../kinds/table.js'
import { Band, Id, Label, object, oneOf, Seconds, Text, Title } from '../primitives.js'

export const MODALITIES = [...KIND_MODALITIES, 'title'] as const
export type Modality = (typeof MODALITIES)[number]

/** Why a moment was found: the kind of evidence and the words that matched. */
export const Match = object({
  modality: oneOf(MODALITIES),
  text: Text,
  terms: Type.Array(Label, { maxItems: 50 }),
})
export type Match = Static<typeof Match>

/** A moment of a video that answers a search, best first. */
export const SearchHit = object({
  rank: Type.Integer({ minimum: 1 }),
  band: Band,
  videoId: Id,
  videoTitle: Title,
  start: Seconds,
  end: Seconds,
  text: Text,
  why: Type.Array(Match, { minItems: 1, maxItems: 20 }),
})
export type SearchHit = Static<typeof SearchHit>
