import { SceneWatch, WatchState } from '@cuewire/server/domain/processing/scenes/scene-watch.js'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'

const { signal } = new AbortController()
const TINY = { width: 64, height: 36 }
const PICTURE = { width: 64, height: 48 }

/** Stripes that move by a pixel a frame. */
function frame(number: number, at: number, { width, height }: { readonly width: number; readonly height: number }) {
  const level = (pixel: number) => 128 + 100 * Math.sin(((pixel % width) - number) / 3) * Math.cos(pixel / width / 5)
  return {
    at,
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, at) => level(Math.floor(at / 3))),
  }
}

function feed(watch: SceneWatch, from: number, to: number): void {
  for (let number = from; number < to; number += 1) {
    watch.tiny(frame(number, number / 10, TINY))
    if (number % 5 === 0) watch.picture(frame(number, number / 10, PICTURE))
  }
}

t.test('a watch continued from its checkpoint measures the same, and skips the frames that it has seen', async t => {
  const whole = new SceneWatch()
  feed(whole, 0, 60)
  whole.end()
  const first = new SceneWatch()
  feed(first, 0, 37)
  const saved: unknown = JSON.parse(JSON.stringify(first.state))
  if (!Value.Check(WatchState, saved)) throw new Error('the checkpoint has another shape')
  const second = new SceneWatch(saved)
  t.equal(second.from, 3.5)
  feed(second, 33, 60)
  second.end()
  for (const shot of [
    { start: 0, end: 2.2 },
    { start: 2.2, end: 6 },
  ]) {
    const measured = second.take(shot)
    t.ok(measured.pictures.length > 0 && measured.motion.length > 0)
    t.strictSame(measured, whole.take(shot))
  }
})

t.test('what a shot needs is known once both sequences have passed its end, or have ended', async t => {
  const watch = new SceneWatch()
  let isReached = false
  const reached = watch.reached(1, signal).then(() => {
    isReached = true
  })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  for (const at of [0.5, 1, 1.5]) watch.picture(frame(0, at, PICTURE))
  await settle()
  t.notOk(isReached)
  watch.tiny(frame(0, 1, TINY))
  await reached
  const later = watch.reached(9, signal)
  watch.end()
  await later
  const stop = new AbortController()
  const aborted = new SceneWatch().reached(1, stop.signal)
  stop.abort(new Error('enough'))
  await t.rejects(aborted, { message: 'enough' })
})
