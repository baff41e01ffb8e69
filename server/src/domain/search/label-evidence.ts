import { setImmediate } from 'node:timers/promises'
import {
  COLOURS,
  DIRECTIONS,
  type Id,
  type LabelSummary,
  labelText,
  type TimeRange,
  type Track,
  trackText,
} from '@cuewire/protocol'
import type { Store } from '../../storage/store.js'
import { allItems, itemsOf } from '../content/items.js'
import type { Query } from './query.js'
import type { Evidence } from './rank.js'

/** The part of the store that a search reads. */
export type SearchStore = Pick<Store, 'content' | 'search'>

/** Most label rows considered. */
const CANDIDATES = 100
/** Most videos whose label spans are read in a search of the whole library. */
const LABEL_VIDEOS = 20
/** Most label spans considered, over all labels and videos. */
const LABEL_SPANS = 2000
/** Most tracks considered of one video. */
const TRACKS = 500
/** Colours and directions in which a track can be looked for. */
const LOOKS: ReadonlySet<string> = new Set([...COLOURS, ...DIRECTIONS])
const SAME_LOOK = new Map([
  ['gray', 'grey'],
  ['violet', 'purple'],
  ['toward', 'towards'],
])

/** The spans of every label the query names; of those with very many, the longest. */
export async function labelEvidence(
  store: SearchStore,
  query: Query,
  videoIds: readonly Id[] | undefined,
): Promise<Evidence[]> {
  const { labels } = query
  if (labels.size === 0) return []
  const names = [...labels.keys()]
  const rows = await store.search.search({
    terms: names.flatMap(name => name.split(' ')),
    videoIds,
    modalities: ['object'],
    limit: CANDIDATES,
  })
  const titles = [...new Map(rows.map(row => [row.videoId, row.videoTitle]))].slice(0, LABEL_VIDEOS)
  const most = Math.ceil(LABEL_SPANS / (titles.length * names.length))
  const evidence: Evidence[] = []
  for (const [videoId, videoTitle] of titles) {
    // A label may have a thousand spans, so yield between videos.
    await setImmediate()
    const seen = await allItems(store.content, videoId, 'objects', { labels: names })
    const tracked = await trackEvidence(store, query, { videoId, videoTitle, seen })
    evidence.push(...tracked.rows)
    for (const [at, { label, band, spans }] of seen.entries()) {
      // Of a label in the colour asked for, only that is meant.
      if (tracked.labels.has(label)) continue
      for (const { start, end } of longest(spans, most))
        evidence.push({
          modality: 'object',
          videoId,
          videoTitle,
          start,
          end,
          text: labelText({ label, band }),
          band,
          terms: labels.get(label) ?? [],
          rank: at + 1,
        })
    }
  }
  return evidence
}

interface LabelsOfVideo {
  readonly videoId: Id
  readonly videoTitle: string
  readonly seen: readonly LabelSummary[]
}

/** Objects of the labels that the query names, in a colour or a direction that it names as well; and which labels they have. */
async function trackEvidence(
  store: SearchStore,
  query: Query,
  { videoId, videoTitle, seen }: LabelsOfVideo,
): Promise<{ readonly rows: readonly Evidence[]; readonly labels: ReadonlySet<string> }> {
  const looks = query.terms.filter(({ word }) => LOOKS.has(lookOf(word)))
  if (looks.length === 0 || seen.length === 0) return { rows: [], labels: new Set() }
  const bands = new Map(seen.map(({ label, band }) => [label, band]))
  const matching: { readonly track: Track; readonly terms: readonly string[] }[] = []
  for await (const track of itemsOf(store.content, videoId, 'tracks', { labels: [...bands.keys()] })) {
    const found = looks.filter(({ word }) => [track.colour, track.direction].some(look => look === lookOf(word)))
    const terms = [...(query.labels.get(track.label) ?? []), ...found.map(({ word }) => word)]
    if (found.length > 0) matching.push({ track, terms })
    if (matching.length === TRACKS) break
  }
  const rows = matching
    .sort((a, b) => b.terms.length - a.terms.length || b.track.confidence - a.track.confidence)
    .map(({ track, terms }, at): Evidence => {
      const { start, end, label } = track
      const band = bands.get(label) ?? 'low'
      const text = band === 'low' ? `possibly ${trackText(track)}` : trackText(track)
      return { modality: 'object', videoId, videoTitle, start, end, text, band, terms, rank: at + 1 }
    })
  return { rows, labels: new Set(matching.map(({ track }) => track.label)) }
}

/** A word of a query as a colour or a direction is called. */
function lookOf(word: string): string {
  const lower = word.toLowerCase()
  return SAME_LOOK.get(lower) ?? lower
}

function longest(spans: readonly TimeRange[], most: number): readonly TimeRange[] {
  return spans.length <= most ? spans : [...spans].sort((a, b) => b.end - b.start - (a.end - a.start)).slice(0, most)
}
