/** Percentiles of one series, in the unit of its samples. */
export interface Percentiles {
  readonly samples: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** The middle of a few repetitions, and how far they lie apart. */
export interface Repeated {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Exact percentiles by nearest rank: the smallest sample that at least that share of all samples does not exceed. */
export function percentiles(samples: readonly number[]): Percentiles {
  const sorted = ascending(samples)
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { samples: sorted.length, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), p999: rank(0.999), max: rank(1) }
}

/** Median (the mean of the middle two when there are two), smallest and largest. */
export function repeated(values: readonly number[]): Repeated {
  const sorted = ascending(values)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const last = sorted.length - 1
  return { median: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2, min: at(0), max: at(last) }
}

function ascending(values: readonly number[]): Float64Array {
  if (values.length === 0) throw new RangeError('no samples')
  return Float64Array.from(values).sort()
}
