import type { Seconds, TranscriptSegment } from '@cuewire/protocol'

export interface Talk {
  readonly segments: TranscriptSegment[]
  /** Start of each topic but the first. */
  readonly boundaries: Seconds[]
  readonly duration: Seconds
}

export interface Pauses {
  readonly sentence: Seconds
  readonly topic: Seconds
}

const SECONDS_A_WORD = 0.36

/** The passages spoken one after another at an even pace, as a transcript. */
export function makeTalk(passages: readonly string[], pauses: Pauses = { sentence: 0.45, topic: 1.2 }): Talk {
  const segments: TranscriptSegment[] = []
  const boundaries: Seconds[] = []
  let at = 0.5
  for (const [topic, passage] of passages.entries()) {
    const sentences = passage.match(/[^.!?]+[.!?]+/g) ?? []
    for (const [place, sentence] of sentences.entries()) {
      if (segments.length > 0) at += place === 0 ? pauses.topic : pauses.sentence
      if (place === 0 && topic > 0) boundaries.push(round(at))
      const text = sentence.trim()
      const end = at + text.split(' ').length * SECONDS_A_WORD
      const index = segments.length
      segments.push({
        index,
        start: round(at),
        end: round(end),
        text,
        confidence: 1,
        source: 'speech',
        language: 'en',
        words: [],
      })
      at = end
    }
  }
  return { segments, boundaries, duration: round(at + 1) }
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000
