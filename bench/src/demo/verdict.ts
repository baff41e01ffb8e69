import type {
  AudioSpan,
  Chapter,
  ChatMessage,
  LabelSummary,
  ScreenText,
  SearchHit,
  Shot,
  TranscriptSegment,
} from '@cuewire/protocol'
import type { Sample } from '../sample/sample.js'
import { wordErrorRate } from '../sample/word-error-rate.js'
import { clock } from './format.js'

/** What the demo found in its own sample. */
export interface Findings {
  readonly segments: readonly TranscriptSegment[]
  readonly labels: readonly LabelSummary[]
  readonly shots: readonly Shot[]
  readonly lines: readonly ScreenText[]
  readonly spans: readonly AudioSpan[]
  readonly chapters: readonly Chapter[]
  readonly hits: readonly SearchHit[]
  readonly answers: readonly ChatMessage[]
}

export interface Check {
  readonly ok: boolean
  readonly text: string
}

/** Share of words that may be wrong, and seconds a chapter may start beside its topic. */
const MAX_WORD_ERROR_RATE = 0.15
const CHAPTER_TOLERANCE = 5

/** Compares what was found with what is known about the sample. */
export function judge(sample: Sample, findings: Findings): Check[] {
  return [
    transcriptCheck(sample, findings),
    objectsCheck(sample, findings),
    dissolvesCheck(sample, findings),
    titlesCheck(sample, findings),
    musicCheck(sample, findings),
    chaptersCheck(sample, findings),
    searchCheck(sample, findings),
    ...answerChecks(sample, findings),
  ]
}

function transcriptCheck({ topics }: Sample, { segments }: Findings): Check {
  const spoken = topics.flatMap(topic => topic.sentences.map(sentence => sentence.text)).join(' ')
  const rate = wordErrorRate(spoken, segments.map(segment => segment.text).join(' '))
  return {
    ok: rate <= MAX_WORD_ERROR_RATE,
    text: `word error rate ${rate.toFixed(3)} against the text spoken (at most ${MAX_WORD_ERROR_RATE})`,
  }
}

function objectsCheck({ photographs }: Sample, { labels }: Findings): Check {
  const right = photographs.flatMap(({ name, start, end, expectedLabels }) =>
    labels
      .filter(
        ({ label, spans }) =>
          expectedLabels.includes(label) && spans.some(span => span.start < end && span.end > start),
      )
      .map(({ label }) => `${label} (${name})`),
  )
  return { ok: right.length > 0, text: `objects in real photographs: ${right.join(', ') || 'none of those expected'}` }
}

function dissolvesCheck({ dissolves }: Sample, { shots }: Findings): Check {
  const found = dissolves.filter(({ start, end }) =>
    shots.some(shot => shot.gradual?.type === 'dissolve' && shot.start > start && shot.start < end),
  )
  return { ok: found.length === dissolves.length, text: `${found.length} of ${dissolves.length} dissolves found` }
}

function titlesCheck({ topics }: Sample, { lines }: Findings): Check {
  const titles = lines.filter(({ role }) => role === 'title')
  const read = topics.filter(({ title, start, end }) =>
    titles.some(line => line.text === title && line.start < end && line.end > start),
  )
  return { ok: read.length === topics.length, text: `${read.length} of ${topics.length} titles of slides read` }
}

function musicCheck({ music }: Sample, { spans }: Findings): Check {
  const heard = spans
    .filter(({ type }) => type === 'music')
    .reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, music.end) - Math.max(start, music.start)), 0)
  const length = music.end - music.start
  return {
    ok: heard >= length / 2,
    text: `${heard.toFixed(1)} s of ${length.toFixed(1)} s of music recognised as such`,
  }
}

function chaptersCheck({ topics }: Sample, { chapters }: Findings): Check {
  const offsets = topics.map(topic => Math.min(...chapters.map(chapter => Math.abs(chapter.start - topic.start))))
  const ok = chapters.length === topics.length && offsets.every(offset => offset <= CHAPTER_TOLERANCE)
  const said = offsets.map(offset => offset.toFixed(1)).join(', ')
  return { ok, text: `${chapters.length} chapters for ${topics.length} topics, starting ${said} s beside them` }
}

function searchCheck({ topics, search }: Sample, { hits }: Findings): Check {
  const topic = topics[search.topicIndex]
  const [best] = hits
  const ok = topic !== undefined && best !== undefined && best.start >= topic.start && best.start < topic.end
  return { ok, text: `the best moment for "${search.query}" lies in its topic` }
}

function answerChecks({ topics, questions }: Sample, { answers }: Findings): Check[] {
  return questions.map(({ question, topicIndex }, i) => {
    const answer = answers[i]
    if (topicIndex === null) return { ok: answer?.abstained === true, text: `declined: ${question}` }
    const topic = topics[topicIndex]
    const citations = answer?.citations ?? []
    const inside = citations.filter(({ start }) => topic && start >= topic.start && start < topic.end)
    const times = citations.map(({ start }) => clock(start)).join(', ')
    return {
      ok: citations.length > 0 && inside.length === citations.length,
      text: `cites the right topic (${times || 'nothing'}): ${question}`,
    }
  })
}
