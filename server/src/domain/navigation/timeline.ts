import { type Id, LANES, LIMITS, type Seconds, type TimelineItem, type TimelineLane } from '@cuewire/protocol'
import { shorten } from '../../lib/text.js'
import type { ContentPage, Page, Store } from '../../storage/store.js'

type LaneName = (typeof LANES)[number]

/** Items of one lane that a reply holds. */
const MAX_ITEMS = 5000
const MAX_LABEL = 300

/** Which part of the timeline is asked for; everything unless told. */
export interface TimelineQuery {
  readonly start?: Seconds | undefined
  readonly end?: Seconds | undefined
  readonly lanes?: readonly LaneName[] | undefined
}

/**
 * What was found in a video, in lanes over time; while a job runs, what it has found so far. A lane holds the first 5000
 * items that overlap `[start, end)`: ask again from the start of the last one for more.
 */
export async function timeline(store: Store, videoId: Id, query: TimelineQuery): Promise<TimelineLane[]> {
  const lanes: TimelineLane[] = []
  for (const name of query.lanes ?? LANES) lanes.push({ name, items: await itemsOf[name](store, videoId, query) })
  return lanes
}

/** How many items each lane holds in all. */
export async function laneSizes(store: Store, videoId: Id): Promise<{ name: LaneName; items: number }[]> {
  const counts = await store.content.counts(videoId)
  const labels = await store.content.labels(videoId)
  const spans = labels.reduce((sum, label) => sum + label.spans.length, 0)
  return LANES.map(name => ({ name, items: name === 'objects' ? spans : counts[name] }))
}

type LaneReader = (store: Store, videoId: Id, query: TimelineQuery) => Promise<TimelineItem[]>

const itemsOf: Record<LaneName, LaneReader> = {
  async chapters(store, videoId, query) {
    const chapters = await store.content.chapters(videoId)
    return within(query, chapters).map(({ start, end, title }) => ({ start, end, label: title }))
  },

  async shots(store, videoId, query) {
    const shots = await collect(query, page => store.content.shots(videoId, page))
    return shots.map(({ start, end, index }) => ({ start, end, label: `Shot ${index + 1}` }))
  },

  async transcript(store, videoId, query) {
    const segments = await collect(query, page => store.content.segments(videoId, page))
    return segments.map(({ start, end, text, confidence }) => ({
      start,
      end,
      label: shorten(text, MAX_LABEL),
      confidence,
    }))
  },

  async objects(store, videoId, query) {
    const labels = await store.content.labels(videoId)
    const spans = labels.flatMap(({ label, confidence, spans }) =>
      spans.map(({ start, end }) => ({ start, end, label, confidence })),
    )
    return within(query, spans).sort((a, b) => a.start - b.start)
  },
}

/** The items of as many pages as a lane may hold, without those outside the span asked for. */
async function collect<T extends { start: Seconds; end: Seconds }>(
  query: TimelineQuery,
  read: (page: ContentPage) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await read({ start: query.start, end: query.end, limit: LIMITS.pageSize, cursor })
    items.push(...within(query, page.items))
    cursor = page.next
  } while (cursor !== undefined && items.length < MAX_ITEMS)
  return items.slice(0, MAX_ITEMS)
}

function within<T extends { start: Seconds; end: Seconds }>(query: TimelineQuery, items: readonly T[]): T[] {
  const { start = 0, end = Number.POSITIVE_INFINITY } = query
  return items.filter(item => item.end > start && item.start < end).slice(0, MAX_ITEMS)
}
