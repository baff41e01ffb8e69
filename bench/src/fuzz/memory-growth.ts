/** Whether a server's memory stayed flat over a run. */
export interface MemoryGrowth {
  /** Median of the second quarter of the run: warmed up. */
  readonly warmBytes: number
  /** Median of the last quarter. */
  readonly endBytes: number
  readonly peakBytes: number
  readonly allowedBytes: number
  readonly isFlat: boolean
}

/** What a heap may differ between two moments without a leak: collections come when they come. */
export const ALLOWED_GROWTH_BYTES = 48 * 1024 ** 2

/** Compares the second quarter with the last; a leak of 100 bytes an input shows in a run of 1,000,000 inputs. */
export function memoryGrowth(samples: readonly number[]): MemoryGrowth {
  const quarter = Math.floor(samples.length / 4)
  const warmBytes = median(samples.slice(quarter, 2 * quarter + 1))
  const endBytes = median(samples.slice(samples.length - quarter - 1))
  const isFlat = endBytes - warmBytes <= ALLOWED_GROWTH_BYTES
  return { warmBytes, endBytes, peakBytes: Math.max(...samples), allowedBytes: ALLOWED_GROWTH_BYTES, isFlat }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
