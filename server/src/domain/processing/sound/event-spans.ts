import type { Band, Seconds, Sound } from '@cuewire/protocol'
import type { ScoredSound } from '../../../models/models.js'
import { toMillis } from '../to-millis.js'

/** Score at which a sound is noted, and below which it has ended. */
const START = 0.3
const END = 0.15
/** A sound heard in one patch alone must score as much. */
const SURE = 0.5
/** Scores from which a band is given. */
const HIGH = 0.8
const MEDIUM = 0.5
/** Patches without the sound that do not end it: it may be repeated, like barks. */
const MAX_GAP = 2

/** A sound that was heard, without its number. */
export type FoundSound = Omit<Sound, 'index'>

interface Running {
  /** The first patch that has it, and the last. */
  readonly from: number
  last: number
  patches: number
  score: number
}

/** Joins scores of patches into spans of sounds, with hysteresis. */
export class EventSpans {
  readonly #running = new Map<string, Running>()
  #patch = 0

  /** `first` is where the middle part of the first patch starts, which is as long as `step`. */
  constructor(private readonly time: { readonly first: Seconds; readonly step: Seconds }) {}

  /** Takes the scores of the next patch and returns the sounds that ended. */
  push(sounds: readonly ScoredSound[]): FoundSound[] {
    for (const { label, score } of sounds) {
      const running = this.#running.get(label)
      if (running && score >= END) {
        running.last = this.#patch
        running.patches += 1
        running.score = Math.max(running.score, score)
      } else if (!running && score >= START) {
        this.#running.set(label, { from: this.#patch, last: this.#patch, patches: 1, score })
      }
    }
    this.#patch += 1
    return this.#end(({ last }) => this.#patch - last > MAX_GAP)
  }

  /** The sounds that last until the end. */
  finish(): FoundSound[] {
    return this.#end(() => true)
  }

  #end(isOver: (running: Running) => boolean): FoundSound[] {
    return [...this.#running].flatMap(([label, running]) => {
      if (!isOver(running)) return []
      this.#running.delete(label)
      const { from, last, patches, score } = running
      if (patches === 1 && score < SURE) return []
      const { first, step } = this.time
      const start = from === 0 ? 0 : toMillis(first + from * step)
      const end = toMillis(first + (last + 1) * step)
      return { label, start, end, confidence: toMillis(score), band: bandOf(score) }
    })
  }
}

function bandOf(score: number): Band {
  return score >= HIGH ? 'high' : score >= MEDIUM ? 'medium' : 'low'
}
