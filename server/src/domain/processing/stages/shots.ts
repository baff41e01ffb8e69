import type { Shot } from '@cuewire/protocol'
import type { VideoFrame } from '../../../media/media-tools.js'
import { Batch } from '../batch.js'
import { ShotDetector } from '../shots/shot-detector.js'
import { TINY } from '../shots/tiny-frame.js'
import type { JobContext, Stage } from '../stage.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Between two events with shots. */
const EVENT_INTERVAL_MS = 250

/** Divides the picture into shots. After a crash every frame is looked at again: it costs no more than decoding them. */
export const shots: Stage = {
  name: 'shots',
  needs: ['probe'],
  async run({ job, report, count }, signal) {
    const { info, store, videoId, jobId } = job
    if (!info.video) return { state: 'skipped', reason: 'the file has no picture' }
    await store.content.begin(videoId, 'shots', jobId)
    const detector = new ShotDetector()
    const events = shotEvents(job)
    const keep = async (found: readonly Shot[]) => {
      if (found.length === 0) return
      const rounded = found.map(shot => ({ ...shot, start: toMillis(shot.start), end: toMillis(shot.end) }))
      await store.content.addShots(videoId, jobId, rounded)
      for (const shot of rounded) events.add(shot)
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
    events.flush()
    await store.content.complete(videoId, 'shots', jobId)
    return { state: 'completed', params: { ...TINY } }
  },
}

function shotEvents({ bus, videoId, clock }: JobContext): Batch<Shot> {
  return new Batch({ intervalMs: EVENT_INTERVAL_MS, maxItems: 200, clock }, found =>
    bus.publish(`visual/${videoId}`, 'visual.shots', { videoId, shots: found }),
  )
}

function toMillis(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
