/** Size of the pictures of a montage, in pixels. */
export const SIZE = { width: 320, height: 180 } as const
export const PICTURE_BYTES = SIZE.width * SIZE.height * 3

/** A picture of any size: packed RGB24. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** (1 - weight) a + weight b, byte by byte. */
export function mix(a: Uint8Array, b: Uint8Array, weight: number): Uint8Array {
  return a.map((value, index) => Math.round(value + weight * ((b[index] ?? 0) - value)))
}

/** Multiplies every byte, then adds, and clips. */
export function adjust(data: Uint8Array, gain: number, offset = 0): Uint8Array {
  return data.map(value => clip(value * gain + offset))
}

export const clip = (value: number) => Math.max(0, Math.min(255, Math.round(value)))

export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Calls `paint` with the offset of each pixel of a rectangle that lies in the picture, and with its place in the rectangle. */
export function eachPixel(
  { left, top, width, height }: Rectangle,
  paint: (offset: number, x: number, y: number) => void,
): void {
  const [firstX, firstY] = [Math.max(0, Math.round(left)), Math.max(0, Math.round(top))]
  const [endX, endY] = [Math.min(SIZE.width, Math.round(left + width)), Math.min(SIZE.height, Math.round(top + height))]
  for (let y = firstY; y < endY; y++) {
    for (let x = firstX; x < endX; x++) paint((y * SIZE.width + x) * 3, x - left, y - top)
  }
}
