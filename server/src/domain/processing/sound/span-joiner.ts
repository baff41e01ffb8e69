import type { AudioSpan, SoundType } from '@cuewire/protocol'

import { HEARD_TYPES } from './sound-weights.js'
import { STEP } from './step.js'
import type { TypeScores } from './type-source.js'

/** A span lasts at least this many steps, 1 s. Shorter ones, such as pauses between words, become part of the span before. */
const MIN_STEPS = 2

/** What a step was judged to be; undefined if it is silent. */
type Judged = TypeScores | undefined

interface Run {
  readonly type: SoundType
  /** Number of the first step. */
  readonly from: number
  /** Sum of the scores of the type over `judged` steps. */
  score: number
  judged: number
}

/**
 * Joins judged steps into spans. Each step is averaged with its neighbours first, so a span is known a step after it has
 * lasted for a second.
 */
export class SpanJoiner {
  #before: Judged
  #now: Judged
  /** Steps taken; `#now` is the last of them. */
  #taken = 0
  #index = 0
  #open: Run | undefined
  /** A type that has not lasted long enough. */
  #next: Run | undefined

  /** Takes the next step and returns the spans that ended. */
  push(step: Judged): AudioSpan[] {
    const ended = this.#taken > 0 ? this.#decide(step) : []
    this.#before = this.#now
    this.#now = step
    this.#taken += 1
    return ended
  }

  /** The spans that are left; the last ends with the sound at `end`. */
  finish(end: number): AudioSpan[] {
    const ended = this.#taken > 0 ? this.#decide(undefined) : []
    const last = this.#open
    return last ? [...ended, this.#span(last, end)] : ended
  }

  /** The span that has not ended, as far as it is known. */
  open(): AudioSpan | undefined {
    const known = this.#next?.from ?? this.#taken - 1
    return this.#open && known > this.#open.from ? this.#span(this.#open, known * STEP) : undefined
  }

  #decide(after: Judged): AudioSpan[] {
    const at = this.#taken - 1
    const { type, score } = this.#now ? likeliest([this.#before, this.#now, after]) : SILENCE
    const open = this.#open
    if (!open) {
      this.#open = { type, from: at, score, judged: 1 }
      return []
    }
    if (type === open.type) {
      this.#next = undefined
      count(open, score)
      return []
    }
    if (this.#next?.type === type) count(this.#next, score)
    else this.#next = { type, from: at, score, judged: 1 }
    if (this.#next.judged < MIN_STEPS) return []
    this.#open = this.#next
    this.#next = undefined
    // A first span that was too short becomes part of the one that follows it.
    if (open.from === 0 && open.judged < MIN_STEPS) {
      this.#open = { ...this.#open, from: 0 }
      return []
    }
    const span = this.#span(open, this.#open.from * STEP)
    this.#index += 1
    return [span]
  }

  #span({ type, from, score, judged }: Run, end: number): AudioSpan {
    const confidence = Math.round((score / judged) * 1000) / 1000
    return { index: this.#index, start: from * STEP, end, type, confidence }
  }
}

const SILENCE = { type: 'silence', score: 1 } as const

function likeliest(steps: readonly Judged[]): { readonly type: SoundType; readonly score: number } {
  const heard = steps.filter(step => step !== undefined)
  const scored = HEARD_TYPES.map(type => ({
    type,
    score: heard.reduce((sum, scores) => sum + scores[type], 0) / heard.length,
  }))
  return scored.reduce((best, other) => (other.score > best.score ? other : best))
}

function count(run: Run, score: number): void {
  run.score += score
  run.judged += 1
}
