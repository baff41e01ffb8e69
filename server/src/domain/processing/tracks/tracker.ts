import type { Detection, FrameDetections, Seconds, Track } from '@cuewire/protocol'
import { toMillis } from '../to-millis.js'
import { affinity } from './affinity.js'
import { assign } from './assign.js'
import { RunningTrack } from './running-track.js'

/** As in ByteTrack, sure detections are matched first, and doubtful ones continue a track but do not start one. */
const SURE = 0.4
/** Least affinity of a match. */
const LEAST = { sure: 0.3, doubtful: 0.4 }
/** How long an object may be hidden or missed: in seconds, and at least in intervals between frames. */
const HIDDEN = { seconds: 2, intervals: 2.5 }
/** Intervals for which a single frame must be shown to count. */
const HELD_INTERVALS = 1.5

/**
 * Follows objects from frame to frame: ByteTrack (Zhang et al., 2022) with an affinity for frames that are half a second
 * apart. Memory is bounded by the number of objects in a few frames.
 */
export class Tracker {
  #running: RunningTrack[] = []
  /** The detections of the last frame, each with its track. The frame lasts until the next one. */
  #shown: ReadonlyMap<Detection, RunningTrack> = new Map()
  #next = 0

  /** `interval` is the usual time between two frames. */
  constructor(private readonly interval: Seconds) {}

  /** Takes frames in order of time, and returns the tracks that have ended. */
  push({ at, objects }: FrameDetections): Track[] {
    this.#endShown(at)
    const longest = Math.max(HIDDEN.seconds, HIDDEN.intervals * this.interval)
    const over = this.#running.filter(track => at - track.end > longest)
    this.#running = this.#running.filter(track => at - track.end <= longest)
    const sure = objects.filter(({ confidence }) => confidence >= SURE)
    const doubtful = objects.filter(({ confidence }) => confidence < SURE)
    const first = this.#match(this.#running, sure, { at, least: LEAST.sure })
    const second = this.#match(first.missed, doubtful, { at, least: LEAST.doubtful })
    const begun = new Map(first.left.map(detection => [detection, new RunningTrack(this.#next++, detection, at)]))
    this.#running.push(...begun.values())
    this.#shown = new Map([...first.seen, ...second.seen, ...begun])
    return this.#ended(over)
  }

  /** The index of the track of each detection in the last frame. */
  get indexes(): ReadonlyMap<Detection, number> {
    return new Map([...this.#shown].map(([detection, { index }]) => [detection, index]))
  }

  /** All tracks end at this time: at a cut, or at the end of the video. */
  cut(at: Seconds): Track[] {
    this.#endShown(at)
    this.#shown = new Map()
    const over = this.#running
    this.#running = []
    return this.#ended(over)
  }

  #endShown(at: Seconds): void {
    for (const track of this.#shown.values()) track.showUntil(toMillis(at))
  }

  #ended(tracks: readonly RunningTrack[]): Track[] {
    return tracks.flatMap(track => track.finish(HELD_INTERVALS * this.interval) ?? [])
  }

  #match(
    tracks: readonly RunningTrack[],
    detections: readonly Detection[],
    { at, least }: { readonly at: Seconds; readonly least: number },
  ) {
    const expected = tracks.map(track => track.expected(at))
    const scores = expected.map(what =>
      detections.map(detection => {
        const score = affinity(what, detection)
        return score < least ? 0 : score
      }),
    )
    const pairs = assign(scores.map(row => row.map(score => -score)))
    const seen = new Map<Detection, RunningTrack>()
    const missed: RunningTrack[] = []
    for (const [row, track] of tracks.entries()) {
      const column = pairs[row]
      const detection = column === undefined ? undefined : detections[column]
      if (column !== undefined && detection && (scores[row]?.[column] ?? 0) > 0) {
        track.see(detection, at)
        seen.set(detection, track)
      } else missed.push(track)
    }
    return { seen, missed, left: detections.filter(detection => !seen.has(detection)) }
  }
}
