/** A rectangle in any unit, with the origin at the top left. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const areaOf = ({ width, height }: Pick<Rectangle, 'width' | 'height'>): number => width * height

/** Intersection over union of two boxes, 0..1. */
export function iou(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const intersection = width * height
  return intersection / (areaOf(a) + areaOf(b) - intersection)
}
