import type { Box, FrameDetections } from '@cuewire/protocol'
import { LabelBands } from '@cuewire/server/domain/processing/objects/label-bands.js'
import t from 'tap'

/** A label, its score and where it is: the left edge of its box. */
type Seen = readonly [label: string, confidence: number, x: number]

const boxAt = (x: number): Box => ({ x, y: 0.3, width: 0.2, height: 0.4 })
const RELIABLE = { dog: 0.5 }

/** The band of a label after frames, half a second apart. */
function bandOf(label: string, frames: readonly (readonly Seen[])[]) {
  const bands = new LabelBands(RELIABLE)
  for (const [at, objects] of frames.entries()) bands.add(frame(at, objects))
  return bands.bandOf(label)
}

const frame = (at: number, objects: readonly Seen[]): FrameDetections => ({
  at: at / 2,
  objects: objects.map(([label, confidence, x]) => ({ label, confidence, box: boxAt(x) })),
})

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
/** A score that changes a little, as that of a new picture does. */
const about = (score: number, at: number) => score + (at % 2) * 0.01

t.test('what moves and is seen again and again is certain', async t => {
  t.equal(
    bandOf(
      'dog',
      times(4, at => [['dog', about(0.6, at), at * 0.2]]),
    ),
    'high',
  )
})

t.test('the same box again is one view: only a high score in almost every frame is certain', async t => {
  const still = (score: number) => times(10, at => [['dog', about(score, at), 0.4] as const])
  t.equal(bandOf('dog', still(0.6)), 'medium')
  t.equal(bandOf('dog', still(0.8)), 'high')
  const flickers = still(0.8).flatMap(seen => [seen, [], []])
  t.equal(bandOf('dog', flickers), 'medium')
})

t.test('a label whose precision was not measured is never certain, whatever its score', async t => {
  t.equal(
    bandOf(
      'zebra',
      times(10, at => [['zebra', about(0.95, at), at * 0.08]]),
    ),
    'medium',
  )
  t.equal(
    bandOf(
      'zebra',
      times(10, at => [['zebra', about(0.95, at), 0.4]]),
    ),
    'low',
  )
})

t.test('a thing that is held in a hand does not fill the picture', async t => {
  t.equal(
    bandOf(
      'cell phone',
      times(10, at => [['cell phone', about(0.95, at), at * 0.08]]),
    ),
    'low',
  )
})

t.test('a name every object inherits is no measured label', async t => {
  t.equal(
    bandOf(
      'constructor',
      times(10, at => [['constructor', about(0.9, at), 0.4]]),
    ),
    'low',
  )
})

t.test('a label in one frame of many is doubtful, unless that picture is held or the score is high', async t => {
  const empty = times(5, () => [])
  t.equal(bandOf('dog', [...empty, [['dog', 0.6, 0.4]], ...empty]), 'low')
  t.equal(
    bandOf(
      'dog',
      times(5, () => [['dog', 0.6, 0.4]]),
    ),
    'medium',
  )
  t.equal(bandOf('dog', [...empty, [['dog', 0.75, 0.4]], ...empty]), 'medium')
})

t.test('two labels on one thing make both doubtful', async t => {
  const contested = times(4, at => [['dog', about(0.6, at), at * 0.2] as const, ['cat', 0.5, at * 0.2 + 0.01] as const])
  t.equal(bandOf('dog', contested), 'low')
  const alternating = times(8, at => [[at % 2 ? 'dog' : 'cat', about(0.8, at), 0.4] as const])
  t.equal(bandOf('dog', alternating), 'low')
})

t.test('someone next to a thing does not contradict it', async t => {
  const beside = times(4, at => [['dog', about(0.6, at), at * 0.2] as const, ['person', 0.5, at * 0.2 + 0.06] as const])
  t.equal(bandOf('dog', beside), 'high')
})

t.test('very small boxes and boxes of the whole picture count less', async t => {
  const bands = new LabelBands(RELIABLE)
  for (let at = 0; at < 6; at += 1) {
    const box = { x: at * 0.1, y: 0.3, width: 0.03, height: 0.03 }
    bands.add({ at, objects: [{ label: 'dog', confidence: about(0.6, at), box }] })
  }
  t.equal(bands.bandOf('dog'), 'medium')
})
