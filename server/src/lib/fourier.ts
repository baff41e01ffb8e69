/** Samples of a frame, a power of two. */
export const FRAME_SIZE = 512
const BITS = Math.log2(FRAME_SIZE)

const ORDER = Uint16Array.from({ length: FRAME_SIZE }, (_, at) => {
  let reversed = 0
  for (let bit = 0; bit < BITS; bit += 1) reversed |= ((at >> bit) & 1) << (BITS - 1 - bit)
  return reversed
})
const turn = (at: number) => (-2 * Math.PI * at) / FRAME_SIZE
const COS = Float64Array.from({ length: FRAME_SIZE / 2 }, (_, at) => Math.cos(turn(at)))
const SIN = Float64Array.from({ length: FRAME_SIZE / 2 }, (_, at) => Math.sin(turn(at)))

/** Discrete Fourier transform in place (radix 2, Cooley and Tukey, 1965) of `FRAME_SIZE` complex numbers. */
export function transform(re: Float64Array, im: Float64Array): void {
  for (let at = 0; at < FRAME_SIZE; at += 1) {
    const other = ORDER[at] as number
    if (other <= at) continue
    swap(re, at, other)
    swap(im, at, other)
  }
  for (let half = 1; half < FRAME_SIZE; half *= 2) {
    const stride = FRAME_SIZE / (2 * half)
    for (let start = 0; start < FRAME_SIZE; start += 2 * half) {
      for (let k = 0; k < half; k += 1) {
        const even = start + k
        const odd = even + half
        const cos = COS[k * stride] as number
        const sin = SIN[k * stride] as number
        const oddRe = (re[odd] as number) * cos - (im[odd] as number) * sin
        const oddIm = (re[odd] as number) * sin + (im[odd] as number) * cos
        re[odd] = (re[even] as number) - oddRe
        im[odd] = (im[even] as number) - oddIm
        re[even] = (re[even] as number) + oddRe
        im[even] = (im[even] as number) + oddIm
      }
    }
  }
}

function swap(values: Float64Array, a: number, b: number): void {
  const value = values[a] as number
  values[a] = values[b] as number
  values[b] = value
}
