import { type Id, LIMITS, type Modality, type SearchHit } from '@cuewire/protocol'
import { cut, toLine } from '../../lib/text.js'
import type { Store, TextHit } from '../../storage/store.js'
import { termsOf } from '../text/terms.js'
import { parseQuery, type Query } from './query.js'
import { bandOf, type Evidence, type Moment, momentsOf } from './rank.js'
import { type WeighedTerm, weigh } from './weigh.js'

export interface SearchRequest {
  readonly query: string
  readonly videoIds?: readonly Id[] | undefined
  /** @default 10 */
  readonly limit?: number | undefined
}

/** Finds moments in words. */
export interface Search {
  /** Best first, each with what matched; empty when nothing does. */
  query(request: SearchRequest): Promise<{ hits: SearchHit[] }>
}

type SearchStore = Pick<Store, 'content' | 'search'>

const TEXT_MODALITIES = ['transcript', 'chapter', 'title'] as const satisfies readonly Modality[]
/** Rows of each kind that are considered. */
const CANDIDATES = 100
/** Videos whose label spans are read when a label is searched in the whole library. */
const LABEL_VIDEOS = 20
const MAX_MATCHES = 20
const BANDS = ['high', 'medium', 'low']

/** Search over transcript, labels, chapters and titles. */
export function createSearch({ store }: { readonly store: SearchStore }): Search {
  return {
    async query({ query: text, videoIds, limit = 10 }) {
      const query = parseQuery(text)
      const terms = await weigh(store.search, query.terms, videoIds)
      const found = await Promise.all([
        ...TEXT_MODALITIES.map(modality => textEvidence(store, terms, { modality, videoIds })),
        labelEvidence(store, query, videoIds),
      ])
      const hits = momentsOf(found.flat())
        .map(moment => ({ moment, band: bandOf(coverage(moment, terms)) }))
        .sort((a, b) => BANDS.indexOf(a.band) - BANDS.indexOf(b.band) || byScore(a.moment, b.moment))
        .slice(0, limit)
        .map(({ moment, band }, at) => toHit(moment, band, at + 1))
      return { hits }
    },
  }
}

interface Scope {
  readonly modality: Modality
  readonly videoIds: readonly Id[] | undefined
}

async function textEvidence(store: SearchStore, terms: readonly WeighedTerm[], { modality, videoIds }: Scope) {
  const forms = [...new Set(terms.flatMap(term => term.forms.map(form => form.word)))]
  if (forms.length === 0) return []
  const rows = await store.search.search({ terms: forms, videoIds, modalities: [modality], limit: CANDIDATES })
  return rows
    .map(row => ({ row, matched: matchedTerms(row.text, terms) }))
    .filter(({ matched }) => matched.length > 0)
    .map(({ row, matched }, at) => toEvidence(row, matched, at + 1))
}

/** Every span of every label the query names. */
async function labelEvidence(store: SearchStore, { labels }: Query, videoIds: readonly Id[] | undefined) {
  if (labels.size === 0) return []
  const names = [...labels.keys()]
  const rows = await store.search.search({
    terms: names.flatMap(name => name.split(' ')),
    videoIds,
    modalities: ['object'],
    limit: CANDIDATES,
  })
  const titles = new Map(rows.map(row => [row.videoId, row.videoTitle]))
  const evidence: Evidence[] = []
  for (const [videoId, videoTitle] of [...titles].slice(0, LABEL_VIDEOS)) {
    const seen = await store.content.labels(videoId, names)
    for (const [at, { label, spans }] of seen.entries())
      for (const { start, end } of spans)
        evidence.push({
          modality: 'object',
          videoId,
          videoTitle,
          start,
          end,
          text: label,
          terms: labels.get(label) ?? [],
          rank: at + 1,
        })
  }
  return evidence
}

/** The words of the query that a text has, in any form. */
function matchedTerms(text: string, terms: readonly WeighedTerm[]): string[] {
  const keys = new Set(termsOf(text).map(term => term.key))
  return terms.filter(term => [...term.keys.keys()].some(key => keys.has(key))).map(term => term.word)
}

function toEvidence(row: TextHit, terms: readonly string[], rank: number): Evidence {
  const { modality, videoId, videoTitle, start, end, text } = row
  return { modality, videoId, videoTitle, start, end, text, terms, rank }
}

/** Share of the query's weight that the moment matches. */
function coverage(moment: Moment, terms: readonly WeighedTerm[]): number {
  const matched = new Set(moment.evidence.flatMap(row => row.terms.map(word => word.toLowerCase())))
  const total = terms.reduce((sum, term) => sum + term.idf, 0)
  const found = terms.reduce((sum, term) => sum + (matched.has(term.word.toLowerCase()) ? term.idf : 0), 0)
  return total > 0 ? found / total : 0
}

const byScore = (a: Moment, b: Moment) =>
  b.score - a.score || (a.videoId < b.videoId ? -1 : a.videoId > b.videoId ? 1 : a.start - b.start)

function toHit(moment: Moment, band: SearchHit['band'], rank: number): SearchHit {
  const spoken = moment.evidence.filter(row => row.modality === 'transcript').sort((a, b) => a.start - b.start)
  const text = spoken.length > 0 ? spoken.map(row => row.text).join(' ') : (moment.evidence[0]?.text ?? '')
  return {
    rank,
    band,
    videoId: moment.videoId,
    videoTitle: moment.videoTitle,
    start: moment.start,
    end: moment.end,
    text: cut(text, LIMITS.textLength),
    why: moment.evidence.slice(0, MAX_MATCHES).map(({ modality, text, terms }) => ({
      modality,
      text: cut(text, LIMITS.textLength),
      terms: terms.flatMap(word => toLine(word, LIMITS.labelLength) || []),
    })),
  }
}
