import { posterScore } from '@cuewire/server/domain/processing/storyboard/poster-score.js'
import { sheetOf, timesOf } from '@cuewire/server/domain/processing/storyboard/sheet.js'
import { MAX_TILES, Tiles } from '@cuewire/server/domain/processing/storyboard/tiles.js'
import fc from 'fast-check'
import t from 'tap'

const SIZE = { width: 160, height: 90 }

/** Tiles of a video with a picture every second. */
function tilesOf(seconds: number): Tiles {
  const tiles = new Tiles()
  for (let at = 0; at < seconds; at++) if (tiles.wants(at)) tiles.add(at, Buffer.from(String(at)))
  return tiles
}

t.test('tiles are evenly spaced and never too many, however long the video is', async t => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40_000 }), seconds => {
      const { interval, tiles } = tilesOf(seconds).state
      t.ok(tiles.length <= MAX_TILES && tiles.length >= Math.min(seconds, MAX_TILES / 2 - 1))
      t.same(
        tiles.map(({ slot, jpeg }) => [slot, Buffer.from(jpeg, 'base64').toString()]),
        tiles.map((_, index) => [index, String(index * interval)]),
      )
    }),
    { numRuns: 20 },
  )
})

t.test('tiles continued from a checkpoint are as if they had not stopped', async t => {
  const tiles = new Tiles(tilesOf(700).state)
  for (let at = 690; at < 1000; at++) if (tiles.wants(at)) tiles.add(at, Buffer.from(String(at)))
  t.same(tiles.state, tilesOf(1000).state)
})

t.test('a picture that is missing is shown by the tile before it', async t => {
  const tiles = new Tiles()
  for (const at of [0, 1, 5]) if (tiles.wants(at)) tiles.add(at, Buffer.from('x'))
  t.equal(
    timesOf(tiles.state, SIZE, 7.25),
    `WEBVTT

00:00:00.000 --> 00:00:01.000
storyboard.jpg#xywh=0,0,160,90

00:00:01.000 --> 00:00:05.000
storyboard.jpg#xywh=160,0,160,90

00:00:05.000 --> 00:00:07.250
storyboard.jpg#xywh=320,0,160,90
`,
  )
})

t.test('the sheet has rows of ten', async t => {
  const { width, height, tiles } = sheetOf(tilesOf(23).state, SIZE)
  t.same({ width, height }, { width: 1600, height: 270 })
  t.match(tiles[12], { left: 320, top: 90 })
  t.match(sheetOf(tilesOf(3).state, SIZE), { width: 480, height: 90 })
})

t.test('a picture of something stands better for a video than a black one, a card or a blur', async t => {
  const frame = (colour: (x: number, y: number) => number[]) => {
    const data = Uint8Array.from({ length: 160 * 90 * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3)
      return colour(pixel % 160, Math.floor(pixel / 160))[i % 3] ?? 0
    })
    return { at: 0, width: 160, height: 90, data }
  }
  const scene = frame((x, y) => [(x * 37 + y * 11) % 256, (x * 5 + y * 53) % 256, (x * y) % 256])
  const worse = {
    black: frame(() => [3, 3, 3]),
    white: frame(() => [254, 254, 254]),
    card: frame((x, y) => (x % 7 === 0 && y > 40 && y < 50 ? [255, 255, 255] : [20, 40, 120])),
    blur: frame((x, y) => [x, y, 100]),
  }
  for (const [name, picture] of Object.entries(worse)) t.ok(posterScore(picture) < posterScore(scene) / 2, name)
})
