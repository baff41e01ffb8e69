import type { Static, TSchema } from '@sinclair/typebox'
import type { TimeRange } from '../primitives.js'

/** The searchable text of an item, and the span at which it is found. */
export interface SearchText extends TimeRange {
  readonly text: string
  /** Searched together with the text, but not shown. */
  readonly also?: string
}

/** A timeline item; the server shortens the label. */
export interface LaneItem extends TimeRange {
  readonly label: string
  readonly confidence?: number
}

/** The event that announces new items to subscribers of the video. */
export interface KindEvent<Item> {
  readonly name: string
  readonly topic: 'video' | 'visual'
  readonly description: string
  /** If set, the event holds one item under this key. Otherwise it holds an array under the kind's `field`, */
  readonly one?: string
  /** with at most this many items. @default 200 */
  readonly most?: number
  /** The event always holds all items of the video, even if there are none. */
  readonly whole?: true
  /** Which items to announce; all are stored. */
  readonly tells?: (item: Item) => boolean
}

/** One kind of content. Everything that is stored, sent, searched or shown of it is derived from this row. */
export interface KindRow<Item> {
  readonly description: string
  /** The stage that finds it. */
  readonly stage: string
  /** The command that reads it. */
  readonly get: `${string}.get`
  /** The key of the items in its replies and events. */
  readonly field: string
  /**
   * How items are filtered by label: `true` if they have a `label`; or the name of an array whose entries do, which
   * then keeps only matching entries.
   */
  readonly labels?: true | string
  /**
   * Order within a video, unique. An item replaces another with the same position. `at` is its index among the items
   * added.
   */
  readonly position: (item: Item, at: number) => number
  readonly span: (item: Item) => TimeRange
  readonly event?: KindEvent<Item>
  readonly search?: {
    readonly modality: string
    /** `moment`: a match is a moment of the video. `context`: it supports the moments within its span. */
    readonly as: 'moment' | 'context'
    /** Undefined for an item that cannot be searched. */
    readonly text: (item: Item) => SearchText | undefined
  }
  readonly lane?: {
    readonly name: string
    readonly items: (item: Item) => readonly LaneItem[]
    /** Items have several spans, so their order differs from the order in the lane. */
    readonly spread?: true
  }
}

/** Types a row by the schema of its items and keeps its names literal. The example is one item. */
export function kind<S extends TSchema, const R extends KindRow<Static<S>>>(
  item: S,
  example: Static<S>,
  row: R,
): R & { readonly item: S; readonly example: Static<S> } {
  return { ...row, item, example }
}
