import type { Static, TSchema } from '@sinclair/typebox'
import type { TimeRange } from '../primitives.js'

/** What an item is searched by; the search finds it at this span. */
export interface SearchText extends TimeRange {
  readonly text: string
  /** Searched with the text, not shown. */
  readonly also?: string
}

/** An item as the timeline shows it; the server shortens the label. */
export interface LaneItem extends TimeRange {
  readonly label: string
  readonly confidence?: number
}

/** The event that brings new items to those who follow the video. */
export interface KindEvent<Item> {
  readonly name: string
  readonly topic: 'video' | 'visual'
  readonly description: string
  /** The event holds one item, under this key; otherwise it holds an array under the kind's `field`, */
  readonly one?: string
  /** which has at most so many. @default 200 */
  readonly most?: number
  /** The event always brings all items of the video, even when there are none. */
  readonly whole?: true
  /** Items that are not worth telling are stored all the same. */
  readonly tells?: (item: Item) => boolean
}

/** One kind of content: everything that is stored, sent, searched or shown of it is derived from here. */
export interface KindRow<Item> {
  readonly description: string
  /** The stage that finds it. */
  readonly stage: string
  /** The command that reads it. */
  readonly get: `${string}.get`
  /** The key of the items in its replies and events. */
  readonly field: string
  /**
   * Items can be asked for by a label: their own (`true`), or that of the entries of an array of theirs, of which then only
   * those with that label are given.
   */
  readonly labels?: true | string
  /** Order within a video, unique; an item with the position of another replaces it. `at` is its place among those added. */
  readonly position: (item: Item, at: number) => number
  readonly span: (item: Item) => TimeRange
  readonly event?: KindEvent<Item>
  readonly search?: {
    readonly modality: string
    /** `moment`: a match is a moment of the video. `context`: it supports the moments within its span. */
    readonly as: 'moment' | 'context'
    /** Undefined for an item that is not to be found. */
    readonly text: (item: Item) => SearchText | undefined
  }
  readonly lane?: {
    readonly name: string
    readonly items: (item: Item) => readonly LaneItem[]
    /** An item has several spans, so that the order of items is not that of the lane. */
    readonly spread?: true
  }
}

/** Types a row by the schema of its items, and keeps its names literal; the example is one item. */
export function kind<S extends TSchema, const R extends KindRow<Static<S>>>(
  item: S,
  example: Static<S>,
  row: R,
): R & { readonly item: S; readonly example: Static<S> } {
  return { ...row, item, example }
}
