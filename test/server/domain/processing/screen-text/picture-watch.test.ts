import { edgeGrid } from '@cuewire/server/domain/processing/screen-text/edge-grid.js'
import { PictureWatch } from '@cuewire/server/domain/processing/screen-text/picture-watch.js'
import t from 'tap'

const [WIDTH, HEIGHT] = [640, 360]
const BOX = { x: 0.25, y: 0.25, width: 0.25, height: 0.1 }

/** A grey picture with upright strokes in a box, as letters have them, `shift` pixels to the right; or without. */
function picture(box: typeof BOX | undefined, { shift = 0, gap = 6 } = {}) {
  const data = new Uint8Array(WIDTH * HEIGHT).fill(90)
  for (let y = 0; box && y < box.height * HEIGHT; y += 1)
    for (let x = 0; x < box.width * WIDTH; x += gap) {
      const at = Math.round(box.y * HEIGHT + y) * WIDTH + Math.round(box.x * WIDTH + x + shift)
      data.fill(230, at, at + 2)
    }
  return edgeGrid({ width: WIDTH, height: HEIGHT, data })
}

/** The reason to look at each of these pictures, one a second; every look finds something, or nothing. */
function reasons(grids: readonly ReturnType<typeof picture>[], { found = true } = {}) {
  const watch = new PictureWatch()
  return grids.map((grid, at) => {
    watch.take(grid, at === 0)
    const reason = watch.reasonToLook(at)
    if (reason) watch.looked(at, found)
    return reason
  })
}

t.test('a picture without edges is never looked at, and one that is held once', async t => {
  t.same(reasons([picture(undefined), picture(undefined)]), [undefined, undefined])
  t.same(reasons(Array.from({ length: 5 }, () => picture(BOX))), ['still', ...Array(4).fill(undefined)])
})

t.test('edges in single cells are texture, not text', async t => {
  const cell = { x: 10.2 / 64, y: 10 / 36, width: 1.6 / 64, height: 1 / 36 }
  t.same(reasons([picture(cell), picture(cell)]), [undefined, undefined])
  t.same(reasons([picture({ ...cell, width: 2.8 / 64 })]), ['still'])
})

t.test('what is new is looked at once it stands still', async t => {
  const other = { ...BOX, y: 0.6 }
  t.same(reasons([picture(BOX), picture(other), picture(other), picture(other)]), [
    'still',
    undefined,
    'still',
    undefined,
  ])
  t.same(reasons([picture(BOX), picture(undefined), picture(BOX), picture(BOX)]), [
    'still',
    undefined,
    undefined,
    'still',
  ])
})

t.test('a picture that always moves is looked at every four seconds', async t => {
  const wide = { x: 0.05, y: 0.05, width: 0.85, height: 0.85 }
  const moving = Array.from({ length: 10 }, (_, at) => picture(wide, { gap: at % 2 === 0 ? 6 : 16 }))
  t.same(
    reasons(moving).flatMap((reason, at) => (reason ? at : [])),
    [0, 4, 8],
  )
})

t.test('boxes are still, or have changed, by the edges in them', async t => {
  const watch = new PictureWatch()
  watch.take(picture(BOX), true)
  watch.looked(0, true)
  t.ok(watch.isStill(BOX))
  t.notOk(watch.hasChanged(BOX))
  watch.take(picture(undefined), false)
  t.ok(watch.hasChanged(BOX))
  const resumed = new PictureWatch(JSON.parse(JSON.stringify(watch.state)))
  for (const each of [watch, resumed]) each.take(picture(BOX), false)
  t.same([resumed.isStill(BOX), resumed.hasChanged(BOX)], [false, true])
  t.same(resumed.state, watch.state)
})
