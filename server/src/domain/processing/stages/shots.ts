import type { Shot } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import type { VideoFrame } from '../../../media/media-tools.js'
import { ShotDetector } from '../shots/shot-detector.js'
import { TINY } from '../shots/tiny-frame.js'
import type { Stage } from '../stage.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** How many shots are stored, and whether they are all. */
const Checkpoint = Type.Object({ stored: Type.Integer(), finished: Type.Boolean() })

/** Divides the picture into shots. After a crash every frame is looked at again: it costs no more than decoding them. */
export const shots: Stage = {
  name: 'shots',
  consumes: { info: 'whole', frames: 'live' },
  produces: ['shots'],
  weight: 3,
  async run(context, signal) {
    const { info } = context.job
    if (!info.video) return { state: 'skipped', reason: 'the file has no picture' }
    const draft = context.draft('shots')
    let { stored, finished } = context.resume(Checkpoint) ?? { stored: 0, finished: false }
    if (!finished) {
      await draft.begin()
      const detector = new ShotDetector()
      const keep = async (found: readonly Shot[]) => {
        const fresh = found.filter(({ index }) => index >= stored).map(toMillis)
        if (fresh.length === 0 && !finished) return
        stored += fresh.length
        context.count('shots', fresh.length)
        await draft.add(fresh, { stored, finished })
      }
      let isEmpty = true
      const frame = async ({ at, data }: VideoFrame) => {
        isEmpty = false
        await keep(detector.push(at, data))
        context.report({ done: at, total: info.duration, unit: 'seconds' })
      }
      const picture = await context.frames({ ...TINY, rate: 'every', frame }, 0, signal)
      if (isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
      // Said before the draft becomes the result: afterwards there is no draft to continue.
      finished = true
      await keep(detector.finish(picture.end ?? context.job.info.duration))
    }
    await draft.complete()
    return { state: 'completed', params: { ...TINY } }
  },
}

function toMillis(shot: Shot): Shot {
  const round = (seconds: number) => Math.round(seconds * 1000) / 1000
  return { ...shot, start: round(shot.start), end: round(shot.end) }
}
