/** Floating-point sums are slightly off. Without this tolerance, waiting exactly as long as told could be too short. */
const TOLERANCE = 1e-6

/**
 * Token bucket: holds at most `burst` tokens, gains `perSecond` each second, and starts full. All methods except
 * `refill` use the time of the last `refill`.
 */
export class TokenBucket {
  private tokens: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    /** Milliseconds on a monotonic clock. */
    private refilledAtMs: number,
  ) {
    this.tokens = burst
  }

  /** Adds the tokens gained since the last call. */
  refill(nowMs: number): void {
    const elapsedMs = nowMs - this.refilledAtMs
    if (elapsedMs === 0) return
    this.refilledAtMs = nowMs
    this.tokens = Math.min(this.burst, this.tokens + (elapsedMs * this.perSecond) / 1000)
  }

  has(cost: number): boolean {
    return this.tokens + TOLERANCE >= cost
  }

  /** Whole milliseconds until there are `cost` tokens; 0 if there are. Waiting never helps for more than `burst`. */
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
