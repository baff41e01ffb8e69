/** Rate of all generated sound. */
export const RATE = 16_000

export type Random = () => number

/** White noise between -1 and 1. */
export const white = (random: Random) => 2 * random() - 1

/** One of these. */
export function pick<T>(random: Random, options: readonly T[]): T {
  const option = options[Math.floor(random() * options.length)]
  if (option === undefined) throw new Error('nothing to pick from')
  return option
}

export const between = (random: Random, low: number, high: number) => low + random() * (high - low)

export const silent = (seconds: number) => new Float32Array(Math.round(seconds * RATE))

/** Scales samples so that their greatest is `level`. */
export function scaled(samples: Float32Array, level = 0.5): Float32Array {
  let greatest = 1e-9
  for (const sample of samples) greatest = Math.max(greatest, Math.abs(sample))
  return samples.map(sample => (sample / greatest) * level)
}

/** Adds `part`, `gain` times as loud, from second `start` on; what goes beyond the end is lost. */
export function mix(into: Float32Array, part: Float32Array, { start = 0, gain = 1 } = {}): void {
  const from = Math.round(start * RATE)
  for (let at = 0; at < part.length && from + at < into.length; at += 1)
    into[from + at] = (into[from + at] ?? 0) + (part[at] ?? 0) * gain
}

/** Low-pass of first order. */
export function lowPassed(samples: Float32Array, hertz: number): Float32Array {
  const weight = 1 - Math.exp((-2 * Math.PI * hertz) / RATE)
  let last = 0
  return samples.map(sample => {
    last += weight * (sample - last)
    return last
  })
}

export function highPassed(samples: Float32Array, hertz: number): Float32Array {
  const low = lowPassed(samples, hertz)
  return samples.map((sample, at) => sample - (low[at] ?? 0))
}
