import type { Shot } from '@cuewire/protocol'
import type { VideoFrame } from '../../../media/media-tools.js'
import { draft } from '../../event-drafts.js'
import { ShotDetector } from '../shots/shot-detector.js'
import { TINY } from '../shots/tiny-frame.js'
import type { Stage } from '../stage.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Divides the picture into shots. After a crash every frame is looked at again: it costs no more than decoding them. */
export const shots: Stage = {
  name: 'shots',
  needs: ['probe'],
  async run({ job, report, count }, signal) {
    const { info, store, videoId, jobId } = job
    if (!info.video) return { state: 'skipped', reason: 'the file has no picture' }
    await store.content.begin(videoId, 'shots', jobId)
    const detector = new ShotDetector()
    const keep = async (found: readonly Shot[]) => {
      if (found.length === 0) return
      const rounded = found.map(shot => ({ ...shot, start: toMillis(shot.start), end: toMillis(shot.end) }))
      await store.atomically(async ({ content, events }) => {
        await content.addShots(videoId, jobId, rounded)
        await events.append([draft(`visual/${videoId}`, 'visual.shots', { videoId, shots: rounded })])
      })
      count('shots', rounded.length)
      await job.timeline.grew()
    }
    let isEmpty = true
    const frame = async ({ at, data }: VideoFrame) => {
      isEmpty = false
      await keep(detector.push(at, data))
      report({ done: at, total: info.duration, unit: 'seconds' })
    }
    const picture = await job.pass.frames('shots', { ...TINY, rate: 'every', frame }, 0, signal)
    if (isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
    await keep(detector.finish(picture.end ?? job.info.duration))
    await store.content.complete(videoId, 'shots', jobId)
    return { state: 'completed', params: { ...TINY } }
  },
}

function toMillis(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
