/** Upper bounds of the buckets in seconds. A last, unbounded bucket holds longer times. */
export const LATENCY_BOUNDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Latencies as plain numbers, so that counting costs almost nothing. */
export class Latency {
  /** Count per bucket, not cumulative; one more than there are bounds. */
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
