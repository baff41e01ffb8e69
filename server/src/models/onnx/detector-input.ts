/** Side of the largest square the detector looks at, in pixels: its width always, its height for tall pictures. */
export const DETECTOR_SIDE = 512
/** What its height is a multiple of: the product of its strides. */
export const DETECTOR_STRIDE = 32

/**
 * How far a picture may be squeezed towards the square. With 4/3, 16:9 clips gave the same objects as plain stretching or
 * more, and a person at 0.75 in place of 0.25; letterboxing without squeezing confused small dogs with cats.
 */
export const DETECTOR_SQUEEZE = 4 / 3
