import type { ChatMessage, Citation, Video } from '@cuewire/protocol'
import type { Store } from '../../storage/store.js'
import type { Evidence, EvidencePorts, EvidenceStore, Scope } from './evidence/evidence.js'
import { FACT_PASSAGES, factEvidence } from './evidence/fact.js'
import { gapsOf } from './evidence/gaps.js'
import { besideEvidence, momentEvidence, spanOf, within } from './evidence/moment.js'
import { objectEvidence } from './evidence/objects.js'
import { chapterEvidence, durationEvidence, overviewEvidence } from './evidence/overview.js'
import { placeEvidence } from './evidence/places.js'
import type { FactIntent, QuestionIntent } from './intent.js'
import { bareQuestion, type Smalltalk, smalltalkOf } from './smalltalk.js'

export interface RetrieveRequest extends EvidencePorts {
  readonly store: EvidenceStore & Pick<Store, 'jobs'>
  readonly scope: Scope
  readonly question: string
  /** Messages before the question, oldest first. */
  readonly history: readonly ChatMessage[]
}

/** The intent and evidence of a question, or the kind of small talk. */
export type Retrieved =
  | { readonly intent: QuestionIntent; readonly evidence: Evidence }
  | { readonly smalltalk: Smalltalk }

/** A question as the text thread read it. */
interface ReadRequest extends RetrieveRequest {
  /** The scope, narrowed to the videos whose titles the question names, if it names any. */
  readonly narrowed: Scope
}

/** Determines the intent of a question and gathers evidence for it. */
export async function retrieve(request: RetrieveRequest): Promise<Retrieved> {
  const { text, scope } = request
  const question = bareQuestion(request.question)
  const { intent, named } = await text.run('question', { question, titles: scope.videos.map(video => video.title) })
  if (intent.kind === 'smalltalk') return { smalltalk: intent.about }
  const videos = scope.videos.filter((_video, at) => named[at])
  const narrowed = videos.length > 0 ? { videos, wholeLibrary: false } : scope
  const evidence = await gather({ ...request, question, narrowed }, intent)
  if (!('abstain' in evidence)) return { intent, evidence }
  return { intent, evidence: { ...evidence, gaps: await gapsOf(request.store, narrowed.videos) } }
}

async function gather(request: ReadRequest, intent: QuestionIntent): Promise<Evidence> {
  const { store, scope, narrowed } = request
  if (scope.videos.length === 0) return { abstain: { code: 'no_video' } }
  switch (intent.kind) {
    case 'overview':
      return overviewEvidence(store, narrowed, intent.style)
    case 'duration':
      return durationEvidence(store, narrowed)
    case 'chapter':
      return chapterEvidence(store, narrowed, intent.place)
    case 'moment': {
      const video = videoMeant(request)
      return video ? momentEvidence(request, video, intent.time) : { abstain: { code: 'which_video' } }
    }
    case 'objects':
      return seenOrTold(request, intent)
    case 'place':
      return placeOrTold(request)
    case 'shift':
      return shifted(request, intent.direction)
    case 'fact':
      return fact(request, intent)
    default:
      return intent satisfies never
  }
}

/** Detected objects; things only spoken about come from the transcript. */
async function seenOrTold(
  request: ReadRequest,
  intent: Extract<QuestionIntent, { kind: 'objects' }>,
): Promise<Evidence> {
  const told = () => fact(request, { kind: 'fact', text: intent.words.join(' '), style: 'when' })
  if (intent.ask === 'count') {
    const counted = await told()
    if (!('abstain' in counted)) {
      const counts = await request.text.run(
        'countsThings',
        counted.passages.map(({ text }) => text),
      )
      const passages = counted.passages.filter((_passage, at) => counts[at])
      if (passages.length > 0) return { ...counted, passages }
    }
  }
  const seen = await objectEvidence(request.store, request.narrowed, intent.labels)
  if (!('abstain' in seen) || intent.words.length === 0) return seen
  const spoken = await told()
  return 'abstain' in spoken ? seen : spoken
}

/** The kinds of place shown; if none could be told, what is said about it. */
async function placeOrTold(request: ReadRequest): Promise<Evidence> {
  const seen = await placeEvidence(request.store, request.narrowed)
  if (!('abstain' in seen)) return seen
  const told = await fact(request, { kind: 'fact', text: request.question, style: 'answer' })
  return 'abstain' in told ? seen : told
}

async function fact({ store, text, scope, history }: RetrieveRequest, intent: FactIntent): Promise<Evidence> {
  const before = history.findLast(message => message.role === 'user' && smalltalkOf(message.text) === undefined)?.text
  const found = await factEvidence({ store, text }, { intent, scope, before })
  if ('abstain' in found) return found
  const [best] = found.passages
  const video = scope.videos.find(({ id }) => id === best?.videoId)
  if (intent.beside && best && video) {
    const beside = await besideEvidence(store, video, { cited: best, direction: intent.beside })
    if (!('abstain' in beside)) return { ...beside, passages: [best, ...beside.passages] }
  }
  const passages =
    intent.time && video ? within(found.passages, spanOf(intent.time, video.media.duration)) : found.passages
  return passages.length > 0
    ? { ...found, passages: passages.slice(0, FACT_PASSAGES) }
    : { abstain: { code: 'not_mentioned_then' } }
}

function shifted(request: RetrieveRequest, direction: 'after' | 'before'): Promise<Evidence> | Evidence {
  const cited = lastCitations(request.history)
  const edge = direction === 'after' ? latest(cited) : earliest(cited)
  if (!edge) return { abstain: { code: 'which_moment', direction } }
  const video = request.scope.videos.find(({ id }) => id === edge.videoId)
  if (!video) return { abstain: { code: 'video_gone' } }
  return besideEvidence(request.store, video, { cited: edge, direction })
}

/** What the last answer said: its sentences if it cites any. */
function lastCitations(history: readonly ChatMessage[]): Citation[] {
  const citations =
    history.findLast(message => message.role === 'assistant' && message.citations.length > 0)?.citations ?? []
  const spoken = citations.filter(({ modality }) => modality === 'transcript')
  return spoken.length > 0 ? spoken : citations
}

const latest = (citations: readonly Citation[]) =>
  citations.reduce<Citation | undefined>((best, next) => (best && best.end >= next.end ? best : next), undefined)
const earliest = (citations: readonly Citation[]) =>
  citations.reduce<Citation | undefined>((best, next) => (best && best.start <= next.start ? best : next), undefined)

/** The one video a time can be in: the only one, the one named, or the one spoken of last. */
function videoMeant(request: ReadRequest): Video | undefined {
  const { videos } = request.narrowed
  if (videos.length === 1) return videos[0]
  const last = lastCitations(request.history).at(-1)
  return videos.find(({ id }) => id === last?.videoId)
}
