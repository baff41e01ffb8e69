import type { Clock } from '@cuewire/server/lib/clock.js'

/** A clock that stands still until the test moves it. */
export class FakeClock implements Clock {
  #now: number
  #elapsed = 0

  /** Begins at this time of day; nothing has passed. */
  constructor(now = Date.UTC(2026, 10, 23, 9)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  elapsed(): number {
    return this.#elapsed
  }

  /** Time goes by. */
  pass(ms: number): void {
    this.#now += ms
    this.#elapsed += ms
  }

  /** Somebody sets the clock, forwards or back. */
  jump(ms: number): void {
    this.#now += ms
  }
}
