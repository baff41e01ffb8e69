/** The types that sound has while it is not silent. */
export const HEARD_TYPES = ['speech', 'music', 'other'] as const
export type HeardType = (typeof HEARD_TYPES)[number]

interface Line {
  readonly bias: number
  /** In the order of `FEATURE_NAMES`. */
  readonly weights: readonly number[]
}

/**
 * Fitted by `node bench/dist/quality/sound/fit.js` to the development set of `npm run quality -- audio`: synthetic speech,
 * music and noise.
 */
// biome-ignore format: a line each
export const WEIGHTS: Readonly<Record<HeardType, Line>> = {
  speech: { bias: -3.404, weights: [1.599, 0.2132, 4.798, 1.608, -5.849, -3.353, 21.04, -0.1398, 0.1683, 6.522, 6.403, 1.424, -16.84, -5.701, 0.6618, -11.06, 6.366] },
  music: { bias: -5.523, weights: [-4.807, -0.1419, -2.445, -9.417, 26.96, -0.9503, 14.99, -0.8421, 0.7082, -2.091, 4.538, -0.4966, 8.182, 10.92, -1.794, 8.154, -9.157] },
  other: { bias: 8.927, weights: [3.208, -0.07126, -2.352, 7.81, -21.11, 4.303, -36.03, 0.9819, -0.8765, -4.431, -10.94, -0.9272, 8.658, -5.218, 1.132, 2.911, 2.791] },
}
