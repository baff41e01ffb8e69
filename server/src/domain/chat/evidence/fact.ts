import type { Chapter, Id, Seconds, TranscriptSegment } from '@cuewire/protocol'
import type { TextHit } from '../../../storage/store.js'
import { queryTerms } from '../../search/query.js'
import { bandOf } from '../../search/rank.js'
import { weigh } from '../../search/weigh.js'
import { type Term, termsOf } from '../../text/terms.js'
import { expectationOf, satisfies } from '../expectation.js'
import type { FactIntent } from '../intent.js'
import { isOverviewWord, isSpeechWord, isVideoWord } from '../vocabulary.js'
import {
  type Evidence,
  type EvidenceStore,
  idsOf,
  type Scope,
  sentencesIn,
  type UnnumberedPassage,
} from './evidence.js'
import { type AskedTerm, coverageOf, salience } from './salience.js'

export interface FactRequest {
  readonly intent: FactIntent
  readonly scope: Scope
  /** The question before this one, which "it" and "they" may stand for. */
  readonly before?: string | undefined
}

/** Rows considered, and those of them that are read with the sentences around them. */
const ROWS = 80
const READ = 30
const BEFORE: Seconds = 15
const AFTER: Seconds = 8
/** Less of the question than this, and there is no answer; set on the development questions. */
export const ENOUGH = 0.55
/** A sentence without the kind of word the question asks for counts for less. */
const UNFIT = 0.8
const PASSAGES = 8

interface Scored {
  readonly row: TextHit
  readonly sentence: TranscriptSegment
  readonly relevance: number
}

/** The sentences that cover most of a question, best first; abstains when none covers enough of it. */
export async function factEvidence(store: EvidenceStore, { intent, scope, before }: FactRequest): Promise<Evidence> {
  const terms = await askedTerms(store, intent.text, { scope, before })
  const about = terms.filter(term => !term.optional).map(term => term.word)
  const nothing = {
    abstain: `I found nothing about ${listed(about)} in ${scope.videos.length === 1 ? 'this video' : 'these videos'}.`,
  }
  if (about.length === 0) return { abstain: 'Ask about something that is said or seen, or about a time such as 1:30.' }
  if (terms.some(term => term.pos === 'PROPN' && !term.optional && !term.occurs)) return nothing
  const rows = await candidates(store, terms, idsOf(scope))
  const scored = await score(store, rows, { terms, question: intent.text })
  const enough = scored.filter(({ relevance }) => relevance >= ENOUGH)
  const [best] = enough
  if (!best) return nothing
  const margin = best.relevance - (scored.find(({ row }) => row !== best.row)?.relevance ?? 0)
  return {
    passages: enough.slice(0, PASSAGES).map(toPassage),
    confidence: bandOf(best.relevance - (margin < 0.02 && enough.length > 4 ? 0.2 : 0)),
  }
}

async function askedTerms(
  store: EvidenceStore,
  question: string,
  { scope, before }: { readonly scope: Scope; readonly before: string | undefined },
): Promise<AskedTerm[]> {
  const asks = (text: string) =>
    termsOf(text).filter(
      term => term.content && !isVideoWord(term.key) && !isSpeechWord(term.key) && !isOverviewWord(term.key),
    )
  const own = asks(question)
  const pronoun =
    /\b(?:it|its|they|them|their|he|she|his|her|him|that|this|those|these|there|what about|how about|and)\b/i.test(
      question,
    )
  const borrowed = before && (own.length === 0 || (pronoun && own.length <= 3)) ? asks(before) : []
  const known = new Set(own.map(term => term.key))
  const optional = new Set(borrowed.filter(term => own.length > 0 && !known.has(term.key)).map(term => term.key))
  const weighed = await weigh(store.search, queryTerms([...own, ...borrowed]), idsOf(scope))
  return weighed.map(term => salience(term, { question, optional: optional.has(term.key) }))
}

async function candidates(
  store: EvidenceStore,
  terms: readonly AskedTerm[],
  videoIds: Id[] | undefined,
): Promise<TextHit[]> {
  const forms = [...new Set(terms.flatMap(term => term.forms.map(form => form.word)))]
  const rows = await store.search.search({ terms: forms, videoIds, modalities: ['transcript'], limit: ROWS })
  return rows
    .map(row => ({ row, covered: coverageOf(terms, { at: termsOf(row.text) }) }))
    .sort((a, b) => b.covered - a.covered)
    .slice(0, READ)
    .map(({ row }) => row)
}

async function score(
  store: EvidenceStore,
  rows: readonly TextHit[],
  { terms, question }: { readonly terms: readonly AskedTerm[]; readonly question: string },
): Promise<Scored[]> {
  const expectation = expectationOf(question)
  const asked = new Set(terms.flatMap(term => [...term.keys.keys()]))
  const titles = new Titles(store)
  const scored: Scored[] = []
  for (const row of rows) {
    const around = await sentencesIn(store, row.videoId, {
      start: Math.max(0, row.start - BEFORE),
      end: row.end + AFTER,
    })
    const at = around.findIndex(sentence => sentence.index === row.index)
    const sentence = around[at]
    if (!sentence) continue
    const read = (place: number): Term[] => termsOf(around[place]?.text ?? '')
    const own = read(at)
    const covered = coverageOf(terms, {
      at: own,
      before: [read(at - 1), read(at - 2)],
      after: read(at + 1),
      title: await titles.around(row),
    })
    const fits = satisfies(expectation, sentence.text, own, asked)
    scored.push({ row, sentence, relevance: covered * (fits ? 1 : UNFIT) })
  }
  return scored.sort((a, b) => b.relevance - a.relevance || a.row.start - b.row.start)
}

/** Titles and keywords over a row: what the talk is about there, whether or not the sentence says it. */
class Titles {
  readonly #chapters = new Map<Id, Promise<Chapter[]>>()

  constructor(private readonly store: EvidenceStore) {}

  async around({ videoId, videoTitle, start }: TextHit): Promise<Term[]> {
    const chapters = this.#chapters.get(videoId) ?? this.store.content.chapters(videoId)
    this.#chapters.set(videoId, chapters)
    const chapter = (await chapters).find(span => span.start <= start && start < span.end)
    return termsOf(`${videoTitle}. ${chapter?.title ?? ''}. ${chapter?.keywords.join(', ') ?? ''}`)
  }
}

function toPassage({ row, sentence, relevance }: Scored): UnnumberedPassage {
  const { videoId, videoTitle } = row
  const { start, end, text } = sentence
  return { modality: 'transcript', videoId, videoTitle, start, end, text, relevance }
}

function listed(words: readonly string[]): string {
  const quoted = words.slice(0, 4).map(word => `“${word}”`)
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}` : (quoted[0] ?? 'that')
}
