import { type Band, type Id, LIMITS, MODALITIES, type Modality, type SearchHit } from '@cuewire/protocol'
import { cut, toLine } from '../../lib/text.js'
import type { TextHit } from '../../storage/store.js'
import type { TextWork } from '../text-work/text-work.js'
import { labelEvidence, type SearchStore } from './label-evidence.js'
import { bandOf, type Evidence, type Moment, momentsOf } from './rank.js'
import { type WeighedTerm, weigh } from './weigh.js'

export interface SearchRequest {
  readonly query: string
  readonly videoIds?: readonly Id[] | undefined
  /** @default 10 */
  readonly limit?: number | undefined
}

/** Finds moments for a query in words. */
export interface Search {
  /** Best first, each with what matched. Empty if nothing matches. */
  query(request: SearchRequest): Promise<{ hits: SearchHit[] }>
}

interface SearchPorts {
  readonly store: SearchStore
  readonly text: TextWork
}

/** Searched as text. Labels of objects are matched by the words that name them. */
const TEXT_MODALITIES = MODALITIES.filter(modality => modality !== 'object')
/** Most rows considered per kind. */
const CANDIDATES = 100
const MAX_MATCHES = 20
const BANDS: readonly Band[] = ['high', 'medium', 'low']

/** Search over transcript, labels, chapters and titles. The query is analysed in the text thread. */
export function createSearch(ports: SearchPorts): Search {
  return {
    async query({ query: words, videoIds, limit = 10 }) {
      const query = await ports.text.run('query', words)
      const terms = await weigh(ports.store.search, query.terms, videoIds)
      const evidence: Evidence[] = []
      for (const modality of TEXT_MODALITIES)
        evidence.push(...(await textEvidence(ports, terms, { modality, videoIds })))
      evidence.push(...(await labelEvidence(ports.store, query, videoIds)))
      const hits = momentsOf(evidence)
        .map(moment => ({ moment, band: momentBand(moment, terms) }))
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

async function textEvidence({ store, text }: SearchPorts, terms: readonly WeighedTerm[], scope: Scope) {
  const { modality, videoIds } = scope
  const forms = [...new Set(terms.flatMap(term => term.forms.map(form => form.word)))]
  if (forms.length === 0) return []
  const rows = await store.search.search({ terms: forms, videoIds, modalities: [modality], limit: CANDIDATES })
  const matches = await text.run('matches', { texts: rows.map(row => row.text), terms })
  return rows
    .map((row, at) => ({ row, matched: matches[at] ?? [] }))
    .filter(({ matched }) => matched.length > 0)
    .map(({ row, matched }, at) => toEvidence(row, matched, at + 1))
}

function toEvidence(row: TextHit, terms: readonly string[], rank: number): Evidence {
  const { modality, videoId, videoTitle, start, end, text } = row
  return { modality, videoId, videoTitle, start, end, text, terms, rank }
}

/** The band by how much of the query the moment matches. It is never surer than the labels it rests on. */
function momentBand({ evidence }: Moment, terms: readonly WeighedTerm[]): Band {
  const limits = BANDS.map((_, at) => {
    const trusted = BANDS.slice(0, at + 1)
    const rows = evidence.filter(({ band }) => band === undefined || trusted.includes(band))
    return Math.max(at, BANDS.indexOf(bandOf(coverage(rows, terms))))
  })
  return BANDS[Math.min(...limits)] ?? 'low'
}

/** Share of the query's weight that the rows match. */
function coverage(rows: readonly Evidence[], terms: readonly WeighedTerm[]): number {
  const matched = new Set(rows.flatMap(row => row.terms.map(word => word.toLowerCase())))
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
