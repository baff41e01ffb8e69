import type { Detection, Track } from '@cuewire/protocol'
import { Tracker } from '@cuewire/server/domain/processing/tracks/tracker.js'
import t from 'tap'

type Thing = readonly [label: string, x: number, y: number, change?: Partial<Detection> & { readonly side?: number }]

function detection([label, x, y, { side = 0.2, ...change } = {}]: Thing): Detection {
  return { label, confidence: 0.6, box: { x: x - side / 2, y: y - side / 2, width: side, height: side }, ...change }
}

/** The tracks of frames half a second apart, in order of appearance. */
function tracksOf(frames: readonly (readonly Thing[])[]): Track[] {
  const tracker = new Tracker(0.5)
  const ended = frames.flatMap((things, at) => tracker.push({ at: at / 2, objects: things.map(detection) }))
  return [...ended, ...tracker.cut(frames.length / 2)].sort((a, b) => a.index - b.index)
}

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))

t.test('a fast object whose boxes do not overlap is one track', async t => {
  const [track, ...others] = tracksOf(times(5, at => [['car', 0.1 + at * 0.2, 0.5, { side: 0.15 }]]))
  t.match(track, { label: 'car', start: 0, end: 2.5, frames: 5, direction: 'right' })
  t.same(others, [])
})

t.test('two objects that cross keep their tracks', async t => {
  const found = tracksOf(
    times(9, at => [
      ['person', 0.1 + at * 0.1, 0.45],
      ['person', 0.9 - at * 0.1, 0.55],
    ]),
  )
  t.match(found, [
    { frames: 9, direction: 'right' },
    { frames: 9, direction: 'left' },
  ])
})

t.test('colour tells two objects apart where place does not', async t => {
  const side = (at: number) => (at % 2 ? 0.06 : -0.06)
  const found = tracksOf(
    times(6, at => [
      ['car', 0.5 + side(at), 0.5, { colour: 'red', side: 0.3 }],
      ['car', 0.5 - side(at), 0.5, { colour: 'blue', side: 0.3 }],
    ]),
  )
  t.match(found, [
    { frames: 6, colour: 'red' },
    { frames: 6, colour: 'blue' },
  ])
})

t.test('an object hidden for a moment goes on where it was going', async t => {
  const found = tracksOf(times(12, at => (at >= 4 && at < 7 ? [] : [['dog', 0.1 + at * 0.06, 0.5] as const])))
  t.match(found, [{ start: 0, end: 6, frames: 9 }])
  t.equal(found.length, 1)
})

t.test('what comes back after longer is another track', async t => {
  const found = tracksOf(times(16, at => (at >= 4 && at < 10 ? [] : [['dog', 0.5, 0.5] as const])))
  t.match(found, [
    { start: 0, end: 2 },
    { start: 5, end: 8 },
  ])
})

t.test('a cut ends the tracks, though the same thing is in the same place', async t => {
  const tracker = new Tracker(0.5)
  const frame = (at: number) => tracker.push({ at, objects: [detection(['person', 0.5, 0.5])] })
  for (const at of [0, 0.5, 1]) frame(at)
  t.match(tracker.cut(1.2), [{ start: 0, end: 1.2 }])
  for (const at of [1.5, 2]) frame(at)
  t.match(tracker.cut(2.5), [{ start: 1.5, end: 2.5 }])
})

t.test('a single frame is a fluke, unless it is held', async t => {
  t.same(tracksOf([[], [['kite', 0.5, 0.5]], [], []]), [])
  const tracker = new Tracker(0.5)
  tracker.push({ at: 0, objects: [detection(['boat', 0.5, 0.5])] })
  t.match(tracker.push({ at: 40, objects: [] }), [], 'it may come back')
  t.match(tracker.cut(60), [{ label: 'boat', start: 0, end: 40, frames: 1, direction: 'still' }])
})

t.test('doubtful detections continue a track but start none', async t => {
  const doubtful = { confidence: 0.36 }
  t.same(tracksOf(times(5, () => [['dog', 0.5, 0.5, doubtful]])), [])
  t.match(tracksOf(times(5, at => [['dog', 0.5, 0.5, at === 0 ? {} : doubtful]])), [{ frames: 5 }])
})

t.test('the label of most looks is that of the track', async t => {
  const labels = ['car', 'truck', 'car', 'car', 'truck']
  t.match(tracksOf(labels.map(label => [[label, 0.5, 0.5]])), [{ label: 'car', frames: 5 }])
})

t.test('directions', async t => {
  const path = (place: (at: number) => Thing) => tracksOf(times(6, at => [place(at)]))[0]?.direction
  t.equal(
    path(at => ['car', 0.8 - at * 0.1, 0.5]),
    'left',
  )
  t.equal(
    path(at => ['car', 0.5, 0.2 + at * 0.1]),
    'down',
  )
  t.equal(
    path(at => ['car', 0.5, 0.8 - at * 0.1]),
    'up',
  )
  t.equal(
    path(at => ['car', 0.5 + (at % 2) * 0.01, 0.5]),
    'still',
  )
  t.equal(
    path(at => ['car', 0.5, 0.5, { side: 0.2 + at * 0.08 }]),
    'towards',
  )
  t.equal(
    path(at => ['car', 0.5, 0.5, { side: 0.6 - at * 0.08 }]),
    'away',
  )
})
