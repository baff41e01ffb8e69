import type { CameraMotion } from '@cuewire/protocol'
import { cameraMotion } from '@cuewire/server/domain/processing/scenes/camera-motion.js'
import { type MotionSpan, MotionWatch } from '@cuewire/server/domain/processing/scenes/motion-watch.js'
import t from 'tap'

const WIDTH = 64
const HEIGHT = 36
const RATE = 12.5

/** A smooth pattern without period, 0..255, at a place in widths. */
const pattern = (x: number, y: number) =>
  128 + 40 * Math.sin(9 * x + 4 * y) + 35 * Math.sin(23 * y - 5 * x + 1) + 30 * Math.sin(31 * x + 17 * y + 2)

interface View {
  readonly x?: number
  readonly y?: number
  readonly zoom?: number
  /** Left edge of a bright box in front, in widths. */
  readonly box?: number
}

/** What a camera at this place sees. */
function frameOf({ x = 0, y = 0, zoom = 1, box }: View): Uint8Array {
  const data = new Uint8Array(WIDTH * HEIGHT * 3)
  for (let row = 0; row < HEIGHT; row += 1)
    for (let column = 0; column < WIDTH; column += 1) {
      const [u, v] = [(column + 0.5) / WIDTH - 0.5, ((row + 0.5) / HEIGHT - 0.5) * (HEIGHT / WIDTH)]
      const inBox = box !== undefined && u > box - 0.5 && u < box - 0.35 && Math.abs(v) < 0.1
      data.fill(
        inBox ? 250 : pattern(x + u / zoom, y + v / zoom),
        (row * WIDTH + column) * 3,
        (row * WIDTH + column + 1) * 3,
      )
    }
  return data
}

/** The motion over two seconds. */
function motionOf(view: (at: number) => View) {
  const watch = new MotionWatch()
  const spans: MotionSpan[] = []
  for (let frame = 0; frame < 2 * RATE; frame += 1)
    spans.push(...[watch.push(frame / RATE, frameOf(view(frame / RATE)))].flatMap(span => span ?? []))
  return cameraMotion(spans)
}

const shaking = (at: number) => 0.01 * Math.sin(at * 19) + 0.006 * Math.sin(at * 33)

const CASES: readonly (readonly [CameraMotion, (at: number) => View])[] = [
  ['still', () => ({})],
  ['pan right', at => ({ x: 0.05 * at })],
  ['pan left', at => ({ x: -0.2 * at })],
  ['tilt down', at => ({ y: 0.04 * at })],
  ['tilt up', at => ({ y: -0.04 * at })],
  ['zoom in', at => ({ zoom: 1 + 0.08 * at })],
  ['zoom out', at => ({ zoom: 1.3 - 0.08 * at })],
  ['shake', at => ({ x: shaking(at), y: shaking(at + 1) })],
  ['pan right', at => ({ x: 0.06 * at + shaking(at) / 2, y: shaking(at + 1) / 2 })],
  ['mixed', at => ({ x: 0.1 * Math.abs(at - 1) })],
  ['still', at => ({ box: 0.1 + 0.3 * at })],
]

for (const [at, [camera, view]] of CASES.entries())
  t.test(`case ${at}: ${camera}`, async t => {
    const found = motionOf(view)
    t.equal(found.camera, camera)
    const moves = view(1).box !== undefined
    t.equal(found.moving > 0.01, moves, `${found.moving} of the picture moves`)
  })

t.test('a watch continued in another process measures the same', async t => {
  const frames = Array.from({ length: 25 }, (_, frame) => frameOf({ x: 0.005 * frame, zoom: 1 + 0.002 * frame }))
  const whole = new MotionWatch()
  const expected = frames.flatMap((data, frame) => whole.push(frame / RATE, data) ?? [])
  const first = new MotionWatch()
  const before = frames.slice(0, 11).flatMap((data, frame) => first.push(frame / RATE, data) ?? [])
  const second = new MotionWatch(JSON.parse(JSON.stringify(first.state)))
  const after = frames.slice(11).flatMap((data, frame) => second.push((frame + 11) / RATE, data) ?? [])
  t.strictSame([...before, ...after], expected)
})
