import type { CameraMotion } from '@cuewire/protocol'
import { TINY } from '../shots/tiny-frame.js'
import type { MotionSpan } from './motion-watch.js'

/** Slowest pan or tilt, in widths a second, and zoom, per second, that counts. */
const LEAST_SHIFT = 0.012
const LEAST_ZOOM = 0.012
/** A zoom moves a point of the picture by this share of its size, on average. */
const ZOOM_SHIFT = 0.25
/** Share of the way that leads in one direction when the camera is led. */
const CONSISTENT = 0.5
/** The same while the camera shakes as well. */
const CONSISTENT_AMID_SHAKE = 0.35
/** Mean change of shift from one step to the next, in widths, from which the camera shakes. */
const SHAKE = 0.002
/** Fastest motion without a direction that still counts as none, in widths a second. */
const DRIFT = 0.02

export interface Motion {
  readonly camera: CameraMotion
  /** Share of the picture in which things move, 0..1. */
  readonly moving: number
}

/** How the camera moves over some spans: in the direction that explains most of it, else shaking, in several ways or not at all. */
export function cameraMotion(spans: readonly MotionSpan[]): Motion {
  const total = (key: Exclude<keyof MotionSpan, 'start' | 'end'>) => spans.reduce((sum, span) => sum + span[key], 0)
  const [seconds, steps] = [total('seconds'), total('steps')]
  if (seconds === 0 || steps === 0) return { camera: 'still', moving: 0 }
  const moving = Math.round((1000 * total('moving')) / steps) / 1000
  const x = total('x') / seconds
  // In widths, as `x`.
  const y = ((total('y') / seconds) * TINY.height) / TINY.width
  const zoom = total('zoom') / seconds
  const path = total('path') / seconds
  const shift = Math.hypot(x, y)
  // Steps that go to and fro while the camera is led do not hide where it is led to.
  const zigzag = total('jerk') / seconds
  const least = Math.max(CONSISTENT_AMID_SHAKE * path, CONSISTENT * (path - zigzag))
  const isLed = shift >= Math.max(LEAST_SHIFT, least)
  const zoomPath = spans.reduce((sum, span) => sum + Math.abs(span.zoom), 0) / seconds
  const isZoom = Math.abs(zoom) >= LEAST_ZOOM && Math.abs(zoom) >= CONSISTENT * zoomPath
  if (isZoom && ZOOM_SHIFT * Math.abs(zoom) > (isLed ? shift : 0)) {
    const isSteady = total('jerk') / steps < SHAKE || ZOOM_SHIFT * Math.abs(zoom) > path / 4
    if (isSteady) return { camera: zoom > 0 ? 'zoom in' : 'zoom out', moving }
  }
  // What is shown moves against the camera.
  if (isLed && Math.abs(x) >= Math.abs(y)) return { camera: x > 0 ? 'pan left' : 'pan right', moving }
  if (isLed) return { camera: y > 0 ? 'tilt up' : 'tilt down', moving }
  if (total('jerk') / steps >= SHAKE) return { camera: 'shake', moving }
  return { camera: path >= DRIFT ? 'mixed' : 'still', moving }
}
