import type { Citation } from '@cuewire/protocol'
import type { RankedPassage } from './engine.js'

/** Checks the numbers an engine cites against the passages it was given, and turns them into citations. */
export class Citations {
  readonly #passages: ReadonlyMap<number, RankedPassage>
  readonly #cited = new Map<number, Citation>()
  #unknown = 0

  constructor(passages: readonly RankedPassage[]) {
    this.#passages = new Map(passages.map(passage => [passage.number, passage]))
  }

  /** Citations so far, in the order they were first made. */
  get all(): Citation[] {
    return [...this.#cited.values()]
  }

  /** Numbers dropped because no passage has them. */
  get unknown(): number {
    return this.#unknown
  }

  /**
   * The citation for a number and whether this is its first use. Undefined, and counted, if there is no such passage.
   */
  cite(number: number): { readonly citation: Citation; readonly isNew: boolean } | undefined {
    const known = this.#cited.get(number)
    if (known) return { citation: known, isNew: false }
    const passage = this.#passages.get(number)
    if (!passage) {
      this.#unknown += 1
      return undefined
    }
    const { modality, videoId, start, end, text } = passage
    const citation: Citation = { number, modality, videoId, start, end, quote: text }
    this.#cited.set(number, citation)
    return { citation, isNew: true }
  }
}
