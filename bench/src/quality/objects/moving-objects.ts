import type { Detection, FrameDetections } from '@cuewire/protocol'

/** A detection that knows which object it is of. */
export interface KnownDetection extends Detection {
  readonly object: number
}

export interface KnownFrame extends FrameDetections {
  readonly objects: KnownDetection[]
}

interface SceneOptions {
  readonly random: () => number
  /** Objects in the picture. */
  readonly count: number
  readonly frames: number
  /** Seconds between two frames. */
  readonly interval: number
  /** Share of the detections that are missing. */
  readonly missed: number
}

const COLOURS = ['red', 'blue', 'green', 'white', 'black'] as const

/** Objects of one label that cross the picture on straight lines, as a detector sees them: boxes shake, and some are missed. */
export function movingObjects({ random, count, frames, interval, missed }: SceneOptions): KnownFrame[] {
  const things = Array.from({ length: count }, (_, object) => ({
    object,
    width: 0.06 + random() * 0.08,
    height: 0.14 + random() * 0.16,
    x: random(),
    y: 0.2 + random() * 0.6,
    // Up to a third of the picture a second.
    speedX: (random() - 0.5) * 0.66,
    speedY: (random() - 0.5) * 0.1,
    colour: COLOURS[Math.floor(random() * COLOURS.length)] ?? 'red',
  }))
  const shake = (length: number) => (random() - 0.5) * 0.1 * length
  return Array.from({ length: frames }, (_, frame): KnownFrame => {
    const at = frame * interval
    const objects = things.flatMap(({ object, width, height, x, y, speedX, speedY, colour }) => {
      const left = x + speedX * at - width / 2 + shake(width)
      const top = y + speedY * at - height / 2 + shake(height)
      const isSeen = left > 0 && left + width < 1 && top > 0 && top + height < 1 && random() >= missed
      if (!isSeen) return []
      const box = { x: left, y: top, width, height }
      return [{ object, label: 'person', confidence: 0.45 + random() * 0.4, box, colour }]
    })
    return { at, objects }
  })
}
