import { type Band, LIMITS, type TimeRange } from '@cuewire/protocol'
import { clockTime } from '../../../lib/clock-time.js'
import { cut, lengthOf } from '../../../lib/text.js'
import type { AnswerEngine, AnswerPiece, EngineRequest, RankedPassage } from '../engine.js'
import { plainSentences } from './plain-sentences.js'

/** Sentences of an answer, and how near to the best one the others must be. */
const SENTENCES = 3
const NEAR_BEST = 0.87
/** Answers whether something is seen, by how far its label can be trusted. */
const PRESENCE: Readonly<Record<Band, string>> = {
  high: 'Yes, I recognised:',
  medium: 'Probably. I recognised:',
  low: 'I am not sure. I recognised:',
}
/** Characters kept for the mark of a citation. */
const MARK_LENGTH = 10

/** Answers in the words of the passages themselves: deterministic, without a language model. */
export const extractiveEngine: AnswerEngine = {
  name: 'extractive',
  ...plainSentences,
  async *answer(request, signal) {
    let isFirst = true
    let room = LIMITS.textLength
    for (const piece of compose(request)) {
      if (signal.aborted) return
      if (piece.type === 'cite') {
        room -= MARK_LENGTH
        yield piece
        continue
      }
      if (room <= MARK_LENGTH) return
      const words = isFirst || piece.text.startsWith(',') ? piece.text : ` ${piece.text}`
      const fitting = cut(words, room - MARK_LENGTH)
      room -= lengthOf(fitting)
      yield text(fitting)
      isFirst = false
    }
  },
}

function compose(request: EngineRequest): AnswerPiece[] {
  const { intent, passages } = request
  if (passages.length === 0) return []
  const several = new Set(passages.map(passage => passage.videoId)).size > 1
  switch (intent.kind) {
    case 'overview':
      return overview(passages, several)
    case 'duration':
      return passages.flatMap(passage => [
        text(`${several ? `“${passage.videoTitle}”` : 'The video'} is ${clockTime(passage.end)} long.`),
        cite(passage),
      ])
    case 'chapter':
      return passages.flatMap(passage => [text(`From ${span(chapterOf(passage))}: ${passage.text}`), cite(passage)])
    case 'moment':
      return moment(passages)
    case 'objects':
      return objects(passages, intent, several)
    case 'place':
      return places(passages, several)
    case 'shift':
      return sentences(passages, several)
    case 'fact':
      return intent.beside ? timed(passages, several) : fact(request, several)
    default:
      return intent satisfies never
  }
}

function overview(passages: readonly RankedPassage[], several: boolean): AnswerPiece[] {
  const chapters = passages.filter(({ modality }) => modality === 'chapter')
  const [first] = passages
  if (first?.modality === 'object')
    return [text('Nothing is said in it. It shows:'), ...listed(passages, ({ text }) => text)]
  if (chapters.length === 0) return sentences(passages, several)
  const lead = several ? [] : chapters.length === 1 ? [] : [text(`The video has ${chapters.length} main parts.`)]
  return [
    ...lead,
    ...chapters.flatMap(chapter => [
      text(`${several ? `“${chapter.videoTitle}”, ` : ''}${clockTime(chapterOf(chapter).start)} ${chapter.text}`),
      cite(chapter),
    ]),
  ]
}

function moment(passages: readonly RankedPassage[]): AnswerPiece[] {
  const said = passages.filter(({ modality }) => modality === 'transcript')
  const seen = passages.filter(({ modality }) => modality === 'object')
  const chapters = passages.filter(({ modality }) => modality === 'chapter')
  return [
    ...timed(said, false),
    ...(seen.length > 0 ? [text('In the picture:'), ...listed(seen, ({ text }) => text)] : []),
    ...chapters.flatMap(chapter => [
      text(`This belongs to the part from ${span(chapterOf(chapter))}: ${chapter.text}`),
      cite(chapter),
    ]),
  ]
}

function objects(
  passages: readonly RankedPassage[],
  { ask, words }: { readonly ask: string; readonly words: readonly string[] },
  several: boolean,
): AnswerPiece[] {
  if (passages.some(({ modality }) => modality === 'transcript')) {
    const lead = ask === 'count' ? [] : [text(`I saw no ${words.join(' ')} in the picture, but it is spoken of.`)]
    return [...lead, ...timed(passages.slice(0, SENTENCES), several)]
  }
  const lead = { presence: PRESENCE[passages[0]?.band ?? 'high'], count: 'I counted:' }[ask] ?? 'I recognised:'
  const where = (passage: RankedPassage) =>
    `${passage.text} at ${span(passage)}${several ? ` of “${passage.videoTitle}”` : ''}`
  return [text(lead), ...listed(passages, where)]
}

/** The places in order of time, or what is said about them. */
function places(passages: readonly RankedPassage[], several: boolean): AnswerPiece[] {
  if (passages.some(({ modality }) => modality !== 'scene')) return sentences(passages.slice(0, SENTENCES), several)
  const isSure = passages.every(({ band }) => band === 'high')
  const where = (passage: RankedPassage) =>
    `${passage.text}, ${span(passage)}${several ? ` of “${passage.videoTitle}”` : ''}`
  return [text(isSure ? 'It shows:' : 'It probably shows:'), ...listed(passages, where)]
}

function fact({ intent, passages }: EngineRequest, several: boolean): AnswerPiece[] {
  const best = passages[0]?.relevance ?? 0
  const chosen = passages.filter(({ relevance }) => relevance >= best * NEAR_BEST).slice(0, SENTENCES)
  return intent.kind === 'fact' && intent.style === 'when' ? timed(chosen, several) : sentences(chosen, several)
}

/** Sentences in order of time, each with its mark. */
function sentences(passages: readonly RankedPassage[], several: boolean): AnswerPiece[] {
  return inOrder(passages).flatMap(passage => [
    text(`${several ? `“${passage.videoTitle}”: ` : ''}${passage.text}`),
    cite(passage),
  ])
}

/** The same with the time before each. */
function timed(passages: readonly RankedPassage[], several: boolean): AnswerPiece[] {
  return inOrder(passages).flatMap(passage => [
    text(`At ${clockTime(passage.start)}${several ? ` of “${passage.videoTitle}”` : ''}: ${passage.text}`),
    cite(passage),
  ])
}

/** Items of one sentence, each with its mark. */
function listed(passages: readonly RankedPassage[], write: (passage: RankedPassage) => string): AnswerPiece[] {
  return passages.flatMap((passage, at) => [text(at === 0 ? write(passage) : `, ${write(passage)}`), cite(passage)])
}

function inOrder(passages: readonly RankedPassage[]): RankedPassage[] {
  return [...passages].sort((a, b) => (a.videoId === b.videoId ? a.start - b.start : a.number - b.number))
}

/** The span of the chapter that a passage is of. */
const chapterOf = (passage: RankedPassage) => passage.chapter ?? passage
const span = ({ start, end }: TimeRange) => `${clockTime(start)}–${clockTime(end)}`
const text = (words: string): AnswerPiece => ({ type: 'text', text: words })
const cite = ({ number }: RankedPassage): AnswerPiece => ({ type: 'cite', number })
