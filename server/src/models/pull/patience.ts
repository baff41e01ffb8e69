/** Longest time without any data. */
export const STALL_MS = 30_000

/** A signal that aborts after 30 s without data, or with the caller's signal. Call `end` when done. */
export class Patience {
  readonly signal: AbortSignal
  readonly #stalled = new AbortController()
  #timer: NodeJS.Timeout | undefined

  constructor(caller?: AbortSignal) {
    this.signal = caller ? AbortSignal.any([caller, this.#stalled.signal]) : this.#stalled.signal
    this.heard()
  }

  /** Whether it was aborted by the timeout. */
  get isOver(): boolean {
    return this.#stalled.signal.aborted
  }

  /** Data arrived: restarts the timeout. */
  heard(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#stalled.abort(), STALL_MS)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
