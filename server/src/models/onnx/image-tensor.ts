import type { Box } from '@cuewire/protocol'
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
  const placement = centred(image, canvas)
  const { left, top, width, height } = placement
  const data = new Float32Array(canvas.width * canvas.height * 3)
  const rowValues = width * 3
  for (let row = 0; row < height; row += 1) {
    const source = image.data.subarray(row * rowValues, (row + 1) * rowValues)
    data.set(source, ((top + row) * canvas.width + left) * 3)
  }
  return { data, placement }
}

/** Lays a picture on the centre of a canvas of one grey and gives the canvas as NCHW floats, 0..255, blue first. */
export function planarTensor(
  image: RgbImage,
  canvas: Canvas,
  grey: number,
): { readonly data: Float32Array; readonly placement: Placement } {
  const placement = centred(image, canvas)
  const { left, top, width, height } = placement
  const plane = canvas.width * canvas.height
  const data = new Float32Array(plane * 3).fill(grey)
  let from = 0
  for (let row = 0; row < height; row += 1) {
    const start = (top + row) * canvas.width + left
    for (let to = start; to < start + width; to += 1) {
      data[to + 2 * plane] = image.data[from] ?? 0
      data[to + plane] = image.data[from + 1] ?? 0
      data[to] = image.data[from + 2] ?? 0
      from += 3
    }
  }
  return { data, placement }
}

function centred({ width, height }: RgbImage, canvas: Canvas): Placement {
  return { left: Math.floor((canvas.width - width) / 2), top: Math.floor((canvas.height - height) / 2), width, height }
}

/** Left, top, right and bottom of a box in pixels of the canvas, as a box in fractions of the picture, clipped to it. */
export function pictureBox(edges: readonly [number, number, number, number], placement: Placement): Box {
  const { left, top, width, height } = placement
  const unit = (value: number) => Math.min(1, Math.max(0, value))
  const [x1, y1, x2, y2] = edges
  const x = unit((x1 - left) / width)
  const y = unit((y1 - top) / height)
  return { x, y, width: unit((x2 - left) / width) - x, height: unit((y2 - top) / height) - y }
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
