import type { Detection } from '@cuewire/protocol'
import { iou } from '../../lib/box.js'

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
