import type { ChatMessage, Citation, Video } from '@cuewire/protocol'
import { labelMentions } from '../search/labels.js'
import { contentKeys, termsOf } from '../text/terms.js'
import type { Evidence, EvidenceStore, Scope } from './evidence/evidence.js'
import { factEvidence } from './evidence/fact.js'
import { besideEvidence, momentEvidence, spanOf, within } from './evidence/moment.js'
import { objectEvidence } from './evidence/objects.js'
import { chapterEvidence, durationEvidence, overviewEvidence } from './evidence/overview.js'
import { type FactIntent, intentOf, type QuestionIntent } from './intent.js'
import { SMALLTALK_REPLIES, bareQuestion } from './smalltalk.js'

export interface RetrieveRequest {
  readonly store: EvidenceStore
  readonly scope: Scope
  readonly question: string
  /** Messages before the question, oldest first. */
  readonly history: readonly ChatMessage[]
}

/** What a question wants with the evidence for it, or the reply to a message that asks nothing. */
export type Retrieved = { readonly intent: QuestionIntent; readonly evidence: Evidence } | { readonly reply: string }

const WHICH_VIDEO = 'Which video do you mean? This chat is about several.'

/** Reads what the question wants and gathers the evidence for it. */
export async function retrieve(request: RetrieveRequest): Promise<Retrieved> {
  const question = bareQuestion(request.question)
  const intent = intentOf(question)
  if (intent.kind === 'smalltalk') return { reply: SMALLTALK_REPLIES[intent.about] }
  return { intent, evidence: await gather({ ...request, question }, intent) }
}

async function gather(request: RetrieveRequest, intent: QuestionIntent): Promise<Evidence> {
  const { store, scope } = request
  if (scope.videos.length === 0) return { abstain: 'There is no video to answer from.' }
  switch (intent.kind) {
    case 'overview':
      return overviewEvidence(store, narrowed(request))
    case 'duration':
      return durationEvidence(store, narrowed(request))
    case 'chapter':
      return chapterEvidence(store, narrowed(request), intent.place)
    case 'moment': {
      const video = videoMeant(request)
      return video ? momentEvidence(store, video, intent.time) : { abstain: WHICH_VIDEO }
    }
    case 'objects':
      return seenOrTold(request, intent)
    case 'shift':
      return shifted(request, intent.direction)
    case 'fact':
      return fact(request, intent)
    default:
      return intent satisfies never
  }
}

/** Objects in the picture; what is only spoken of comes from the transcript. */
async function seenOrTold(
  request: RetrieveRequest,
  intent: Extract<QuestionIntent, { kind: 'objects' }>,
): Promise<Evidence> {
  const told = () => fact(request, { kind: 'fact', text: intent.words.join(' '), style: 'when' })
  if (intent.ask === 'count') {
    const counted = await told()
    if (!('abstain' in counted)) {
      const passages = counted.passages.filter(({ text }) => countsThem(text))
      if (passages.length > 0) return { ...counted, passages }
    }
  }
  const seen = await objectEvidence(request.store, narrowed(request), intent.labels)
  if (!('abstain' in seen) || intent.words.length === 0) return seen
  const spoken = await told()
  return 'abstain' in spoken ? seen : spoken
}

/** A number stands right before the name of a thing: "forty small boats". */
function countsThem(text: string): boolean {
  const terms = termsOf(text)
  return labelMentions(text).some(({ words }) => {
    const at = terms.findIndex(term => term.lower === words[0])
    return terms.slice(Math.max(0, at - 2), at).some(term => term.pos === 'NUM')
  })
}

async function fact({ store, scope, history }: RetrieveRequest, intent: FactIntent): Promise<Evidence> {
  const before = history.findLast(({ role, text }) => role === 'user' && intentOf(text).kind !== 'smalltalk')?.text
  const found = await factEvidence(store, { intent, scope, before })
  if ('abstain' in found) return found
  const [best] = found.passages
  const video = scope.videos.find(({ id }) => id === best?.videoId)
  if (intent.beside && best && video) {
    const beside = await besideEvidence(store, video, { cited: best, direction: intent.beside })
    if (!('abstain' in beside)) return { ...beside, passages: [best, ...beside.passages] }
  }
  if (!intent.time || !video) return found
  const passages = within(found.passages, spanOf(intent.time, video.media.duration))
  return passages.length > 0 ? { ...found, passages } : { abstain: 'It is not mentioned in that part of the video.' }
}

function shifted(request: RetrieveRequest, direction: 'after' | 'before'): Promise<Evidence> | Evidence {
  const cited = lastCitations(request.history)
  const edge = direction === 'after' ? latest(cited) : earliest(cited)
  if (!edge) return { abstain: `${direction === 'after' ? 'After' : 'Before'} what? Ask about a moment first.` }
  const video = request.scope.videos.find(({ id }) => id === edge.videoId)
  if (!video) return { abstain: 'The video of the last answer is gone.' }
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

/** The scope, narrowed to the videos whose titles the question names, if it names any. */
function narrowed({ scope, question }: RetrieveRequest): Scope {
  const asked = new Set(contentKeys(question))
  const named = scope.videos.filter(({ title }) => {
    const keys = contentKeys(title)
    return keys.length > 0 && keys.every(key => asked.has(key))
  })
  return named.length > 0 ? { videos: named, wholeLibrary: false } : scope
}

/** The one video a time can be in: the only one, the one named, or the one spoken of last. */
function videoMeant(request: RetrieveRequest): Video | undefined {
  const { videos } = narrowed(request)
  if (videos.length === 1) return videos[0]
  const last = lastCitations(request.history).at(-1)
  return videos.find(({ id }) => id === last?.videoId)
}
