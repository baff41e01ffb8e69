import { type Picture, SIZE } from './pixels.js'

/** Where the camera looks: the centre as a share of the picture's size, and the share of its width that fills the frame. */
export interface View {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** The part of a picture that the camera sees, interpolated; what lies outside is its nearest edge. */
export function look({ width, height, data }: Picture, view: View): Uint8Array {
  const seen = new Uint8Array(SIZE.width * SIZE.height * 3)
  const step = (view.width * width) / SIZE.width
  const left = view.x * width - (step * SIZE.width) / 2
  const top = view.y * height - (step * SIZE.height) / 2
  let to = 0
  for (let row = 0; row < SIZE.height; row++) {
    const y = Math.max(0, Math.min(height - 1.001, top + row * step))
    const [y0, fy] = [Math.floor(y), y % 1]
    for (let column = 0; column < SIZE.width; column++) {
      const x = Math.max(0, Math.min(width - 1.001, left + column * step))
      const [x0, fx] = [Math.floor(x), x % 1]
      const from = (y0 * width + x0) * 3
      const below = from + width * 3
      for (let channel = 0; channel < 3; channel++, to++) {
        const upper = (data[from + channel] ?? 0) * (1 - fx) + (data[from + 3 + channel] ?? 0) * fx
        const lower = (data[below + channel] ?? 0) * (1 - fx) + (data[below + 3 + channel] ?? 0) * fx
        seen[to] = upper * (1 - fy) + lower * fy
      }
    }
  }
  return seen
}
