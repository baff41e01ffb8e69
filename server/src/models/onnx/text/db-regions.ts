import type { Box } from '@cuewire/protocol'
import type { TextRegion } from '../../models.js'

/** Probability of text for each pixel, rows from the top. */
export interface TextMap {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** As PaddleOCR publishes them with PP-OCRv4 (`det_db_thresh`, `det_db_box_thresh`, `det_db_unclip_ratio`). */
const PIXEL_THRESHOLD = 0.3
const REGION_THRESHOLD = 0.6
const UNCLIP_RATIO = 1.5
/** Regions that fill less of their box are no upright lines. */
const MIN_FILL = 0.35
/** Smaller regions, in pixels of the map, are noise. */
const MIN_SIDE = 3
const MAX_REGIONS = 1000

interface Component {
  left: number
  top: number
  right: number
  bottom: number
  pixels: number
  /** Of the probabilities of the pixels. */
  sum: number
}

/**
 * Finds regions of text in a probability map (Liao et al., "Real-time scene text detection with differentiable
 * binarization", 2020): connected pixels above a threshold form a region, whose mean probability must be high enough.
 * The model learns regions shrunk by an offset of area x (1 - ratio^2) / perimeter, so they are enlarged by the inverse.
 * The original fits rotated polygons and takes the mean over them; here boxes are upright, and the mean is that of the
 * region's own pixels, since ragged regions of large text would fail otherwise.
 */
export function textRegions(map: TextMap): TextRegion[] {
  const found: TextRegion[] = []
  for (const component of components(map)) {
    const width = component.right - component.left
    const height = component.bottom - component.top
    if (Math.min(width, height) < MIN_SIDE) continue
    const confidence = component.sum / component.pixels
    const isUpright = component.pixels >= MIN_FILL * width * height
    if (!isUpright || !(confidence >= REGION_THRESHOLD)) continue
    const margin = (width * height * UNCLIP_RATIO) / (2 * (width + height))
    found.push({ confidence: Math.min(1, confidence), box: enlarged(component, margin, map) })
    if (found.length === MAX_REGIONS) break
  }
  return found
}

/** Bounding boxes of 8-connected pixels above the threshold, half-open. */
function components({ width, height, data }: TextMap): Component[] {
  const seen = new Uint8Array(width * height)
  const found: Component[] = []
  const waiting: number[] = []
  const visit = (at: number) => {
    if (seen[at] || !((data[at] ?? 0) > PIXEL_THRESHOLD)) return
    seen[at] = 1
    waiting.push(at)
  }
  for (let start = 0; start < data.length; start += 1) {
    visit(start)
    if (waiting.length === 0) continue
    const component = { left: width, top: height, right: 0, bottom: 0, pixels: 0, sum: 0 }
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const x = at % width
      const y = (at - x) / width
      component.pixels += 1
      component.sum += data[at] ?? 0
      component.left = Math.min(component.left, x)
      component.right = Math.max(component.right, x + 1)
      component.top = Math.min(component.top, y)
      component.bottom = Math.max(component.bottom, y + 1)
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1)
          visit(row * width + column)
      }
    }
    found.push(component)
  }
  return found
}

function enlarged({ left, top, right, bottom }: Component, margin: number, map: TextMap): Box {
  const x = Math.max(0, left - margin) / map.width
  const y = Math.max(0, top - margin) / map.height
  return {
    x,
    y,
    width: Math.min(1, (right + margin) / map.width) - x,
    height: Math.min(1, (bottom + margin) / map.height) - y,
  }
}
