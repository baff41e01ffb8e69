import type { Box, Detection } from '@cuewire/protocol'

/** Intersection over union of two boxes. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const intersection = width * height
  return intersection / (a.width * a.height + b.width * b.height - intersection)
}

/**
 * Non-maximum suppression: of boxes that overlap by more than `sameLabel` and share a label, or by more than `anyLabel`
 * whatever their labels, the best stays. Returns the detections best first.
 */
export function suppress(
  detections: readonly Detection[],
  limits: { readonly sameLabel: number; readonly anyLabel: number },
): Detection[] {
  const kept: Detection[] = []
  for (const candidate of [...detections].sort((a, b) => b.confidence - a.confidence)) {
    const rival = kept.some(other => {
      const limit = other.label === candidate.label ? limits.sameLabel : limits.anyLabel
      return iou(other.box, candidate.box) > limit
    })
    if (!rival) kept.push(candidate)
  }
  return kept
}
