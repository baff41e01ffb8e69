import { Tracker } from '@cuewire/server/domain/processing/tracks/tracker.js'
import { iou } from '@cuewire/server/lib/box.js'
import { seededRandom } from '../lib/seeded-random.js'
import type { Measure, Row } from './measure.js'
import { type KnownFrame, movingObjects } from './objects/moving-objects.js'

const SCENES = 40
const SECONDS = 20
const INTERVAL = 0.5
/** Overlap from which the baseline takes two boxes for one object, as in IOU Tracker (Bochinski et al., 2017). */
const BASELINE_OVERLAP = 0.3

/** Nothing was tuned on the held-out scenes. */
const SETS = { development: 1, 'held out': 9001 } as const
const CROWDS = [2, 5, 10]

/** Whole tracks of simulated objects, two frames a second, with a tenth of the detections missing. */
export const tracks: Measure = async ({ signal }) => {
  const rows: Row[] = []
  for (const [set, seed] of Object.entries(SETS))
    for (const count of CROWDS) {
      signal.throwIfAborted()
      const random = seededRandom(seed + count)
      const scenes = Array.from({ length: SCENES }, () =>
        movingObjects({ random, count, frames: SECONDS / INTERVAL, interval: INTERVAL, missed: 0.1 }),
      )
      const ours = scenes.map(frames => switches(frames, followed(frames)))
      const baseline = scenes.map(frames => switches(frames, byOverlap(frames)))
      rows.push({
        set,
        what: `track switches, ${count} objects at once`,
        found: share(ours),
        baselines: `overlap alone ${share(baseline)}`,
      })
    }
  return { rows }
}

/** For each detection of each frame the track that it belongs to. */
type Assigned = ReadonlyMap<object, number>

interface Switches {
  readonly switched: number
  readonly links: number
}

/** How often the track of an object differs from that at its former detection. */
function switches(frames: readonly KnownFrame[], assigned: Assigned): Switches {
  const last = new Map<number, number | undefined>()
  let switched = 0
  let links = 0
  for (const detection of frames.flatMap(({ objects }) => objects)) {
    const track = assigned.get(detection)
    if (last.has(detection.object)) {
      links += 1
      if (track === undefined || track !== last.get(detection.object)) switched += 1
    }
    last.set(detection.object, track)
  }
  return { switched, links }
}

function share(all: readonly Switches[]): string {
  const sum = (key: keyof Switches) => all.reduce((total, one) => total + one[key], 0)
  return `${sum('switched')} of ${sum('links')}`
}

function followed(frames: readonly KnownFrame[]): Assigned {
  const assigned = new Map<object, number>()
  const tracker = new Tracker(INTERVAL)
  for (const frame of frames) {
    tracker.push(frame)
    for (const [detection, track] of tracker.indexes) assigned.set(detection, track)
  }
  return assigned
}

/** Each box continues the track whose last box, in the frame before, it overlaps most. */
function byOverlap(frames: readonly KnownFrame[]): Assigned {
  const assigned = new Map<object, number>()
  let before: KnownFrame['objects'] = []
  let next = 0
  for (const { objects } of frames) {
    const pairs = objects
      .flatMap(now => before.map(former => ({ now, former, overlap: iou(now.box, former.box) })))
      .filter(({ overlap }) => overlap >= BASELINE_OVERLAP)
      .sort((a, b) => b.overlap - a.overlap)
    const taken = new Set<object>()
    for (const { now, former } of pairs) {
      if (assigned.has(now) || taken.has(former)) continue
      taken.add(former)
      assigned.set(now, assigned.get(former) ?? next++)
    }
    for (const now of objects) if (!assigned.has(now)) assigned.set(now, next++)
    before = objects
  }
  return assigned
}
