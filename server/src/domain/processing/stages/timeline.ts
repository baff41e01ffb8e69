import type { Stage } from '../stage.js'

/** The lanes of the timeline are read from what the other stages found; this announces their final size. */
export const timeline: Stage = {
  name: 'timeline',
  needs: ['shots', 'objects', 'transcript', 'chapters'],
  async run({ job, report }) {
    await job.timeline.announce()
    report({ done: 1, total: 1, unit: 'steps' })
    return { state: 'completed' }
  },
}
