/** Weights of the bins of a spectrum that make up a band. */
export interface Filter {
  /** The first bin. */
  readonly first: number
  /** From there on. */
  readonly weights: Float64Array
}

/** A filter without the bins before and after it that weigh nothing. */
export function filterOf(weights: Float64Array): Filter {
  const first = weights.findIndex(weight => weight > 0)
  return { first, weights: weights.slice(first, weights.findLastIndex(weight => weight > 0) + 1) }
}

/** A periodic Hann window. */
export const hann = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size))
