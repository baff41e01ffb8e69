import type { Static, TSchema } from '@sinclair/typebox'
import { audio, loudness } from './audio.js'
import { chapters } from './chapters.js'
import { detections } from './detections.js'
import { keywords } from './keywords.js'
import type { KindRow } from './kind.js'
import { objects } from './objects.js'
import { outline } from './outline.js'
import { scenes } from './scenes.js'
import { shots } from './shots.js'
import { sounds } from './sounds.js'
import { summary } from './summary.js'
import { text } from './text.js'
import { tracks } from './tracks.js'
import { transcript } from './transcript.js'

/**
 * Every kind of content, in the order of its stages. Commands, events, lanes and searchable texts are derived from it.
 */
export const KINDS = {
  shots,
  detections,
  objects,
  tracks,
  scenes,
  text,
  audio,
  loudness,
  sounds,
  transcript,
  chapters,
  keywords,
  outline,
  summary,
}

type Kinds = typeof KINDS
export type KindName = keyof Kinds
/** An item of a kind. */
export type KindItem<K extends KindName> = Static<Kinds[K]['item']>

export const KIND_NAMES = Object.keys(KINDS) as KindName[]

/** A row, for code that is the same for every kind. */
export type AnyKind = KindRow<unknown> & { readonly item: TSchema; readonly example: unknown }

export function kindOf(name: KindName): AnyKind {
  // The functions of a row accept only items of its own schema; `KindItem` prevents callers from passing others.
  return KINDS[name] as unknown as AnyKind
}

type Named<T> = T extends { readonly name: infer N extends string } ? N : never
type Searched = { [K in KindName]: Kinds[K] extends { readonly search: { readonly modality: infer M } } ? M : never }

export type LaneName = { [K in KindName]: Kinds[K] extends { readonly lane: infer L } ? Named<L> : never }[KindName]
export type KindModality = Extract<Searched[KindName], string>
export type KindStage = Kinds[KindName]['stage']

const rows = KIND_NAMES.map(kindOf)

/** Lanes of the timeline. */
export const LANES = rows.flatMap(({ lane }) => lane?.name ?? []) as LaneName[]
/** Kinds of evidence a search can match, besides titles of videos. */
export const KIND_MODALITIES = rows.flatMap(({ search }) => search?.modality ?? []) as KindModality[]
/** Stages that find content. */
export const KIND_STAGES = [...new Set(rows.map(({ stage }) => stage))] as KindStage[]
