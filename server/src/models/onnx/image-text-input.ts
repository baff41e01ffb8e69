import type { Runtime } from '../pack.js'

/** What an image-text model sees of a picture: the square at its centre, after scaling. */
interface ImageTextInput {
  /** Length of the picture's shorter side after scaling, in pixels. */
  readonly shortSide: number
  /** Side of the square. */
  readonly side: number
}

/** Of the runtimes that encode pictures and texts; the sizes of their training. */
export const IMAGE_TEXT_INPUTS: Readonly<Partial<Record<Runtime, ImageTextInput>>> = {
  clip: { shortSide: 224, side: 224 },
  conse: { shortSide: 256, side: 224 },
}

/** The longer side counts for at most this many shorter ones, so that a very long picture does not take much memory. */
export const MAX_ASPECT = 4

/** The size to scale a picture to: the shorter side gets `shortSide` pixels. */
export function shortSideSize(
  picture: { readonly width: number; readonly height: number },
  shortSide: number,
): { readonly width: number; readonly height: number } {
  const aspect = Math.max(1 / MAX_ASPECT, Math.min(MAX_ASPECT, picture.width / picture.height))
  return aspect >= 1
    ? { width: Math.round(shortSide * aspect), height: shortSide }
    : { width: shortSide, height: Math.round(shortSide / aspect) }
}
