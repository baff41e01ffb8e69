import type { Chapter, Id, Seconds, TranscriptSegment } from '@cuewire/protocol'
import type { TextHit } from '../../../storage/store.js'
import { allItems } from '../../content/items.js'
import { bandOf } from '../../search/rank.js'
import { type WeighedTerm, weigh } from '../../search/weigh.js'
import type { FactIntent } from '../intent.js'
import type { AskedWord } from './asked-words.js'
import {
  type Evidence,
  type EvidencePorts,
  type EvidenceStore,
  idsOf,
  type Scope,
  sentencesIn,
  type UnnumberedPassage,
} from './evidence.js'
import type { AskedTerm, Surroundings } from './relevance.js'

export interface FactRequest {
  readonly intent: FactIntent
  readonly scope: Scope
  /** The question before this one, which "it" and "they" may stand for. */
  readonly before?: string | undefined
}

/** Rows considered, and how many of them are read with their surrounding sentences. */
const ROWS = 80
const READ = 30
const BEFORE: Seconds = 15
const AFTER: Seconds = 8
/** Minimum coverage of a question for an answer, tuned on the development questions. */
export const ENOUGH = 0.55
/** Most that an answer is written from. */
export const FACT_PASSAGES = 8

interface Candidate {
  readonly row: TextHit
  readonly sentence: TranscriptSegment
  readonly surroundings: Surroundings
}

interface Scored extends Candidate {
  readonly relevance: number
}

/** A word of the question, weighed by how rare it is and how much it matters. */
type QuestionTerm = AskedWord & WeighedTerm & AskedTerm

/** All sentences that cover enough of a question, best first; abstains when there is none. */
export async function factEvidence(ports: EvidencePorts, { intent, scope, before }: FactRequest): Promise<Evidence> {
  const question = intent.text
  const terms = await questionTerms(ports, { question, before, scope })
  const needed = terms.filter(term => !term.optional)
  if (needed.length === 0) return { abstain: { code: 'which_subject' } }
  if (needed.some(term => term.pos === 'PROPN' && !term.occurs)) return nothingAbout(ports.store, needed, scope)
  const rows = await candidateRows(ports, terms, idsOf(scope))
  const scored = await score(ports, rows, { terms, question })
  const enough = scored.filter(({ relevance }) => relevance >= ENOUGH)
  const [best] = enough
  if (!best) return nothingAbout(ports.store, needed, scope)
  const margin = best.relevance - (scored.find(({ row }) => row !== best.row)?.relevance ?? 0)
  return {
    passages: enough.map(toPassage),
    confidence: bandOf(best.relevance - (margin < 0.02 && enough.length > 4 ? 0.2 : 0)),
  }
}

/** Names the words that neither occur nor are seen; where there are none, says so. */
async function nothingAbout(
  { search }: EvidenceStore,
  terms: readonly QuestionTerm[],
  scope: Scope,
): Promise<Evidence> {
  const labels = terms.flatMap(term => term.labels)
  const { of } = await search.frequencies(labels, idsOf(scope))
  const missing = terms.filter(term => !term.occurs && !term.labels.some(label => (of.get(label) ?? 0) > 0))
  const words = (missing.length > 0 ? missing : terms).map(term => term.word)
  const code = missing.length > 0 ? 'not_mentioned' : 'not_together'
  return { abstain: { code, words, videos: scope.videos.length } }
}

async function questionTerms(
  { store, text }: EvidencePorts,
  {
    question,
    before,
    scope,
  }: { readonly question: string; readonly before?: string | undefined; readonly scope: Scope },
): Promise<QuestionTerm[]> {
  const words = await text.run('askedWords', { question, before })
  const weighed = await weigh(store.search, words, idsOf(scope))
  return weighed.map(term => ({ ...term, weight: term.importance * (0.5 + 0.5 * term.idf) }))
}

async function candidateRows(
  { store, text }: EvidencePorts,
  terms: readonly QuestionTerm[],
  videoIds: Id[] | undefined,
): Promise<TextHit[]> {
  const forms = [...new Set(terms.flatMap(term => term.forms.map(form => form.word)))]
  const rows = await store.search.search({ terms: forms, videoIds, modalities: ['transcript'], limit: ROWS })
  const covered = await text.run('coverages', { terms, texts: rows.map(row => row.text) })
  return rows
    .map((row, at) => ({ row, covered: covered[at] ?? 0 }))
    .sort((a, b) => b.covered - a.covered)
    .slice(0, READ)
    .map(({ row }) => row)
}

async function score(
  { store, text }: EvidencePorts,
  rows: readonly TextHit[],
  { terms, question }: { readonly terms: readonly QuestionTerm[]; readonly question: string },
): Promise<Scored[]> {
  const titles = new Titles(store)
  const candidates: Candidate[] = []
  for (const row of rows) {
    const around = await sentencesIn(store, row.videoId, {
      start: Math.max(0, row.start - BEFORE),
      end: row.end + AFTER,
    })
    const at = around.findIndex(sentence => sentence.index === row.index)
    const sentence = around[at]
    if (!sentence) continue
    const said = (place: number): string => around[place]?.text ?? ''
    const surroundings = {
      at: sentence.text,
      before: [said(at - 1), said(at - 2)],
      after: said(at + 1),
      title: await titles.around(row),
    }
    candidates.push({ row, sentence, surroundings })
  }
  const sentences = candidates.map(({ surroundings }) => surroundings)
  const relevances = await text.run('relevances', { question, terms, sentences })
  return candidates
    .map((candidate, at) => ({ ...candidate, relevance: relevances[at] ?? 0 }))
    .sort((a, b) => b.relevance - a.relevance || a.row.start - b.row.start)
}

/** Titles and keywords over a row: what the talk is about there, whether or not the sentence says it. */
class Titles {
  readonly #chapters = new Map<Id, Promise<Chapter[]>>()

  constructor(private readonly store: EvidenceStore) {}

  async around({ videoId, videoTitle, start }: TextHit): Promise<string> {
    const chapters = this.#chapters.get(videoId) ?? allItems(this.store.content, videoId, 'chapters')
    this.#chapters.set(videoId, chapters)
    const chapter = (await chapters).find(span => span.start <= start && start < span.end)
    return `${videoTitle}. ${chapter?.title ?? ''}. ${chapter?.keywords.join(', ') ?? ''}`
  }
}

function toPassage({ row, sentence, relevance }: Scored): UnnumberedPassage {
  const { videoId, videoTitle } = row
  const { start, end, text } = sentence
  return { modality: 'transcript', videoId, videoTitle, start, end, text, relevance }
}
