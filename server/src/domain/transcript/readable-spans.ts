import { Confidence, Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'

/** How well a span of speech was understood: `Transcription.evidence`, 0 if nothing or a loop was recognised. */
const Understood = Type.Object({ seconds: Seconds, evidence: Confidence })
type Understood = Static<typeof Understood>

/** What must be stored to continue after a restart. */
export const ReadableState = Type.Object({
  /** The last decided spans. */
  recent: Type.Array(Understood, { maxItems: 3 }),
  readSeconds: Seconds,
  unreadSeconds: Seconds,
})
export type ReadableState = Static<typeof ReadableState>

export const NOTHING_READ: ReadableState = { recent: [], readSeconds: 0, unreadSeconds: 0 }

export interface Decided<Item> {
  readonly item: Item
  /** False: the span is in another language, or cannot be understood. */
  readonly readable: boolean
  /** The state after this decision. */
  readonly state: ReadableState
}

/**
 * Least evidence of a readable span, between that of speech in other languages (at most 0.59 in 39 languages) and that of
 * English (at least 0.62): higher among spans that were not understood, lower among spans that were.
 */
const LEAST = 0.5
const SURE = 0.75
/** For a model that knows the language: Whisper's own bound for lost decodings is a mean log probability of -1. */
const LEAST_KNOWN = 0.37
const needed = (around: Confidence) => Math.max(LEAST, Math.min(SURE, 0.9 - 0.6 * around))

const SPANS_BEFORE = 3
const SPANS_AFTER = 2
/** What the language mark of the track counts for, in seconds of speech: marks can be wrong. */
const PRIOR_SECONDS = 5
const PRIOR = { same: 0.65, unknown: 0.5, other: 0.3, any: 0.65 }

interface Waiting<Item> extends Understood {
  readonly item: Item
}

/**
 * Decides which spans of a recording the speech model could read, and which are in a language it does not know. A model
 * that knows English alone finds few words in other languages, or makes up English ones that it is not sure of. A doubtful
 * span is judged with those around it, so it waits for the next two.
 */
export class ReadableSpans<Item> {
  readonly #prior: Confidence
  readonly #isAny: boolean
  #waiting: Waiting<Item>[] = []

  /** `marked`: whether the track is marked as being in the language of the model; `any` if the model finds it itself. */
  constructor(
    private current: ReadableState,
    marked: keyof typeof PRIOR,
  ) {
    this.#prior = PRIOR[marked]
    this.#isAny = marked === 'any'
  }

  /** Takes the next span and returns those decided by it, in order. */
  add(item: Item, understood: Understood): Decided<Item>[] {
    this.#waiting.push({ item, ...understood })
    return this.#decide(SPANS_AFTER)
  }

  /** Decides the spans that wait for further ones. */
  finish(): Decided<Item>[] {
    return this.#decide(0)
  }

  #decide(spansAfter: number): Decided<Item>[] {
    const decided: Decided<Item>[] = []
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const { item, seconds, evidence } = first
      const isDoubtful = !this.#isAny && evidence >= LEAST && evidence < SURE
      if (isDoubtful && this.#waiting.length <= spansAfter) break
      const after = this.#waiting.slice(1, 1 + SPANS_AFTER)
      const least = this.#isAny ? LEAST_KNOWN : needed(this.#mean([...this.current.recent, ...after]))
      const readable = evidence >= least
      this.#waiting.shift()
      this.#record({ seconds, evidence }, readable)
      decided.push({ item, readable, state: this.current })
    }
    return decided
  }

  #record(span: Understood, readable: boolean): void {
    const { recent, readSeconds, unreadSeconds } = this.current
    this.current = {
      recent: [...recent, span].slice(-SPANS_BEFORE),
      readSeconds: readSeconds + (readable ? span.seconds : 0),
      unreadSeconds: unreadSeconds + (readable ? 0 : span.seconds),
    }
  }

  #mean(spans: readonly Understood[]): Confidence {
    const sum = spans.reduce((total, { seconds, evidence }) => total + seconds * evidence, this.#prior * PRIOR_SECONDS)
    return sum / spans.reduce((total, { seconds }) => total + seconds, PRIOR_SECONDS)
  }
}
