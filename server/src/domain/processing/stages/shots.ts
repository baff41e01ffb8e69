import { Seconds, Shot } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import type { VideoFrame } from '../../../media/media-tools.js'
import { framesFrom, ShotDetector, type ShotState } from '../shots/shot-detector.js'
import { TINY } from '../shots/tiny-frame.js'
import type { Stage } from '../stage.js'
import { toMillis } from '../to-millis.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Interval between checkpoints while no shot ends. */
const SAVE_INTERVAL_MS = 1000

/** State of the detector, number of shots stored, and whether that is all. */
const Checkpoint = Type.Object({
  at: Seconds,
  count: Type.Integer(),
  current: Type.Pick(Shot, ['start', 'transition', 'gradual']),
  finished: Type.Boolean(),
})

/** Finds shots. After a crash it continues a few seconds before the last frame it had seen. */
export const shots: Stage = {
  name: 'shots',
  consumes: { info: 'whole', frames: 'live' },
  produces: ['shots'],
  weight: 3,
  async run(context, signal) {
    const { info, clock } = context.job
    if (!info.video) return { state: 'skipped', reason: 'the file has no picture' }
    const draft = context.draft('shots')
    const saved = context.resume(Checkpoint)
    if (!saved?.finished) {
      await draft.begin()
      const detector = new ShotDetector(saved)
      let savedAt = clock.elapsed()
      const save = async (found: readonly Shot[], state: ShotState, finished: boolean) => {
        savedAt = clock.elapsed()
        context.count('shots', found.length)
        await draft.add(found.map(asStored), { ...state, finished })
      }
      let isEmpty = saved === undefined
      const frame = async ({ at, data }: VideoFrame) => {
        isEmpty = false
        const found = detector.push(at, data)
        if (saved && at <= saved.at) return
        const isDue = found.length > 0 || clock.elapsed() - savedAt >= SAVE_INTERVAL_MS
        if (isDue && detector.state) await save(found, detector.state, false)
        context.report({ done: at, total: info.duration, unit: 'seconds' })
      }
      const from = saved ? framesFrom(saved) : 0
      const picture = await context.frames({ ...TINY, rate: 'every', frame }, from, signal)
      if (isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
      // Saved before the draft becomes the result: afterwards there is no draft to continue.
      const { state } = detector
      if (state) await save(detector.finish(picture.end ?? context.job.info.duration), state, true)
    }
    await draft.complete()
    return { state: 'completed', params: { ...TINY } }
  },
}

function asStored(shot: Shot): Shot {
  const { gradual } = shot
  const times = { start: toMillis(shot.start), end: toMillis(shot.end) }
  if (!gradual) return { ...shot, ...times }
  return { ...shot, ...times, gradual: { ...gradual, start: toMillis(gradual.start), end: toMillis(gradual.end) } }
}
