import type { RgbImage } from '../models.js'

/** Where a picture lies on a model's canvas, in pixels of the canvas. */
export interface Placement {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Canvas {
  readonly width: number
  readonly height: number
}

/** Lays a picture on the centre of a black canvas and gives the canvas as NHWC floats, 0..255. */
export function imageTensor(
  image: RgbImage,
  canvas: Canvas,
): { readonly data: Float32Array; readonly placement: Placement } {
  const { width, height } = image
  const left = Math.floor((canvas.width - width) / 2)
  const top = Math.floor((canvas.height - height) / 2)
  const placement = { left, top, width, height }
  const data = new Float32Array(canvas.width * canvas.height * 3)
  const rowValues = width * 3
  for (let row = 0; row < height; row += 1) {
    const source = image.data.subarray(row * rowValues, (row + 1) * rowValues)
    data.set(source, ((top + row) * canvas.width + left) * 3)
  }
  return { data, placement }
}

/**
 * The size to scale a picture to before detection: as large as fits the square canvas, and squeezed by at most `squeeze`
 * so that a wide or tall picture uses more of it.
 */
export function fitSize(
  picture: { readonly width: number; readonly height: number },
  side: number,
  squeeze: number,
): { readonly width: number; readonly height: number } {
  const aspect = picture.width / picture.height
  const shorter = (ratio: number) => Math.max(1, Math.min(side, Math.round(side * ratio * squeeze)))
  return aspect >= 1 ? { width: side, height: shorter(1 / aspect) } : { width: shorter(aspect), height: side }
}
