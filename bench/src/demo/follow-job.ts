import type { Client } from '@cuewire/client'
import type { FrameDetections, Job, StageStatus, Video } from '@cuewire/protocol'
import type { Board } from './board.js'
import { clock, percent } from './format.js'

/** Shows what is found while it is found; resolves with the job when it has ended. */
export async function followJob(client: Client, video: Video, board: Board): Promise<Job> {
  const objects = showObjects(client, video, board)
  const job = await showProgress(client, video, board)
  objects.close()
  return job
}

async function showProgress(client: Client, video: Video, board: Board): Promise<Job> {
  for await (const event of client.subscribe(`video/${video.id}`, { since: 0 })) {
    switch (event.type) {
      case 'processing.progress': {
        const { stage, progress } = event.data
        const speed = progress.speed === undefined ? '' : `, ${progress.speed.toFixed(1)} x real time`
        const share = progress.total > 0 ? progress.done / progress.total : 0
        const note = `${progress.done.toFixed(1)} of ${progress.total.toFixed(1)} ${progress.unit}${speed}`
        board.stage(stage, { share: Math.min(1, share), note }, false)
        break
      }
      case 'processing.stage':
        board.stage(event.data.stage.name, stageLine(event.data.stage), true)
        for (const { message } of event.data.stage.warnings ?? []) board.say(`  warning: ${message}`)
        break
      case 'transcript.segment': {
        const { start, text, confidence } = event.data.segment
        board.say(`  ${clock(start)}  "${text}" (${percent(confidence)})`)
        break
      }
      case 'processing.completed':
      case 'processing.failed':
      case 'processing.cancelled':
        return event.data.job
    }
  }
  throw new Error('the connection ended before the job did')
}

function stageLine({ state, elapsedMs, reason, command }: StageStatus) {
  const took = elapsedMs === undefined ? '' : ` in ${(elapsedMs / 1000).toFixed(1)} s`
  const why = reason === undefined ? '' : `: ${reason}`
  const fix = command === undefined ? '' : ` (fix it with: ${command})`
  return { share: state === 'completed' ? 1 : 0, note: `${state}${took}${why}${fix}` }
}

/** Says each object the first time it is seen in a row of frames. */
function showObjects(client: Client, video: Video, board: Board): { close(): void } {
  const subscription = client.subscribe(`visual/${video.id}`, { since: 0 })
  let before = new Set<string>()
  const show = ({ at, objects }: FrameDetections) => {
    const labels = new Set(objects.map(object => object.label))
    for (const { label, confidence } of objects) {
      if (before.has(label)) continue
      before.add(label)
      board.say(`  ${clock(at)}  sees: ${label} (${percent(confidence)})`)
    }
    before = labels
  }
  const follow = async () => {
    for await (const event of subscription) if (event.type === 'visual.objects') event.data.frames.forEach(show)
  }
  follow().catch((error: unknown) => board.say(`  objects are no longer shown: ${String(error)}`))
  return subscription
}
