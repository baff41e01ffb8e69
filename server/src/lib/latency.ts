/** Upper bounds of the buckets, in seconds; what takes longer is in the last, unbounded one. */
export const LATENCY_BOUNDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** How long something took, as plain numbers, so that counting costs next to nothing. */
export class Latency {
  /** How many fell into each bucket, not cumulated; one more than there are bounds. */
  readonly buckets: number[] = new Array<number>(LATENCY_BOUNDS.length + 1).fill(0)
  sumSeconds = 0

  add(ms: number): void {
    const seconds = ms / 1000
    let i = 0
    while (i < LATENCY_BOUNDS.length && seconds > (LATENCY_BOUNDS[i] ?? 0)) i++
    this.buckets[i] = (this.buckets[i] ?? 0) + 1
    this.sumSeconds += seconds
  }
}
