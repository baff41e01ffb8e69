/** A picture and its size in pixels. */
interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Bytes of a picture in planar YUV 4:2:0: a byte of brightness for each pixel, and two of colour for each square of four. */
export function yuv420Bytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
}

/** Converts planar YUV 4:2:0 of limited range to packed RGB24, by the matrix of BT.601. */
export function yuv420ToRgb({ width, height, data }: Picture): Picture {
  // Clamps what lies outside 0..255, and rounds.
  const rgb = new Uint8ClampedArray(width * height * 3)
  const chromaWidth = Math.ceil(width / 2)
  const blues = width * height
  const reds = blues + chromaWidth * Math.ceil(height / 2)
  for (let row = 0, to = 0; row < height; row += 1) {
    const chroma = (row >> 1) * chromaWidth
    for (let column = 0; column < width; column += 1, to += 3) {
      const luma = 1.164 * ((data[row * width + column] ?? 0) - 16)
      const blue = (data[blues + chroma + (column >> 1)] ?? 0) - 128
      const red = (data[reds + chroma + (column >> 1)] ?? 0) - 128
      rgb[to] = luma + 1.596 * red
      rgb[to + 1] = luma - 0.392 * blue - 0.813 * red
      rgb[to + 2] = luma + 2.017 * blue
    }
  }
  return { width, height, data: new Uint8Array(rgb.buffer) }
}
