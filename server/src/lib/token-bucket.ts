/** Sums of fractions are a hair off: without this, waiting exactly as long as told could be too short. */
const TOLERANCE = 1e-6

/**
 * Token bucket: holds at most `burst` tokens, gains `perSecond` of them each second, and begins full. Every call
 * but `refill` goes by the time of the last `refill`.
 */
export class TokenBucket {
  private tokens: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    /** Milliseconds, by a clock that never goes back. */
    private refilledAtMs: number,
  ) {
    this.tokens = burst
  }

  /** Adds what has come since the last call. */
  refill(nowMs: number): void {
    const elapsedMs = nowMs - this.refilledAtMs
    if (elapsedMs === 0) return
    this.refilledAtMs = nowMs
    this.tokens = Math.min(this.burst, this.tokens + (elapsedMs * this.perSecond) / 1000)
  }

  has(cost: number): boolean {
    return this.tokens + TOLERANCE >= cost
  }

  /** Whole milliseconds until `cost` tokens are there; 0: they are. No wait is long enough for more than `burst`. */
  waitMs(cost: number): number {
    const missing = cost - this.tokens
    return missing <= TOLERANCE ? 0 : Math.ceil(((missing - TOLERANCE) / this.perSecond) * 1000)
  }

  take(cost: number): void {
    this.tokens -= cost
  }

  get full(): boolean {
    return this.tokens >= this.burst - TOLERANCE
  }
}
