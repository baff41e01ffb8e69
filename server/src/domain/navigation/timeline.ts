import {
  type AnyKind,
  type Id,
  KIND_NAMES,
  type KindName,
  kindOf,
  type LaneName,
  type Seconds,
  type TimelineItem,
  type TimelineLane,
} from '@cuewire/protocol'
import { shorten } from '../../lib/text.js'
import type { ContentStore, Store } from '../../storage/store.js'
import { itemsOf } from '../content/items.js'

/** Most items of one lane in a reply. */
const MAX_ITEMS = 5000
const MAX_LABEL = 300

/** The part of the timeline to return; by default all of it. */
export interface TimelineQuery {
  readonly start?: Seconds | undefined
  readonly end?: Seconds | undefined
  readonly lanes?: readonly LaneName[] | undefined
}

type Lane = NonNullable<AnyKind['lane']> & { readonly name: LaneName; readonly kind: KindName }

/** The lanes of the timeline, each with the kind of content it shows. */
const LANES: readonly Lane[] = KIND_NAMES.flatMap(kind => {
  const { lane } = kindOf(kind)
  return lane ? { ...lane, name: lane.name as LaneName, kind } : []
})

/**
 * Everything found in a video, in lanes over time. While a job runs, this is what it has found so far. A lane holds the
 * first 5000 items that overlap `[start, end)`. For more, ask again from the start of the last one.
 */
export async function timeline(store: Store, videoId: Id, query: TimelineQuery): Promise<TimelineLane[]> {
  const { lanes } = query
  const asked = lanes ? lanes.flatMap(name => LANES.find(lane => lane.name === name) ?? []) : LANES
  const read: TimelineLane[] = []
  for (const lane of asked) read.push({ name: lane.name, items: await laneItems(store.content, videoId, lane, query) })
  return read
}

/** Number of items in each lane. */
export async function laneSizes(store: Store, videoId: Id): Promise<{ name: LaneName; items: number }[]> {
  const counts = await store.content.counts(videoId)
  const sizes: { name: LaneName; items: number }[] = []
  for (const lane of LANES) {
    const items = lane.spread ? (await laneItems(store.content, videoId, lane, {})).length : counts[lane.kind]
    sizes.push({ name: lane.name, items })
  }
  return sizes
}

async function laneItems(
  content: ContentStore,
  videoId: Id,
  { kind, items, spread }: Lane,
  query: TimelineQuery,
): Promise<TimelineItem[]> {
  const { start = 0, end = Number.POSITIVE_INFINITY } = query
  const shown: TimelineItem[] = []
  for await (const item of itemsOf(content, videoId, kind, { start: query.start, end: query.end })) {
    for (const span of items(item))
      if (span.end > start && span.start < end) shown.push({ ...span, label: shorten(span.label, MAX_LABEL) })
    if (shown.length >= MAX_ITEMS && !spread) break
  }
  if (spread) shown.sort((a, b) => a.start - b.start)
  return shown.slice(0, MAX_ITEMS)
}
