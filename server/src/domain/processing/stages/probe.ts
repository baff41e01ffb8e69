import type { Stage } from '../stage.js'
import { updateInfo } from '../update-info.js'

/** Reads the media information and refuses unreadable files. */
export const probe: Stage = {
  name: 'probe',
  consumes: {},
  produces: ['info'],
  weight: 1,
  async run({ job, report }, signal) {
    report({ done: 0, total: 1, unit: 'steps' })
    await using original = await job.leaseOriginal()
    const info = await job.media.probe(original.path, signal)
    await updateInfo(job, info)
    report({ done: 1, total: 1, unit: 'steps' })
    return { state: 'completed' }
  },
}
