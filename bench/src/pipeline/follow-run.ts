import type { Client, SubscriptionItem } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import type { Job } from '@cuewire/protocol'

/** How a job went, in seconds from its start as a subscriber saw it. */
export interface FollowedRun {
  readonly job: Job
  readonly videoId: string
  readonly firstObjects: number
  readonly firstSentence: number
  readonly completed: number
}

/** Uploads a clip and follows its job to the end. */
export async function followRun(client: Client, file: string): Promise<FollowedRun> {
  const video = await uploadFile(client, file)
  const seen = new Map<string, number>()
  const note = (what: string) => {
    if (!seen.has(what)) seen.set(what, performance.now() / 1000)
  }
  const visual = client.subscribe(`visual/${video.id}`, { since: 0 })
  const watching = (async () => {
    for await (const { type } of visual) if (type === 'visual.objects') note('objects')
  })()
  let job: Job | undefined
  for await (const event of client.subscribe(`video/${video.id}`, { since: 0 })) {
    if (event.type === 'processing.started') note('start')
    if (event.type === 'transcript.segment') note('sentence')
    job = completedJob(event)
    if (job) {
      note('completed')
      break
    }
  }
  visual.close()
  await watching
  if (!job) throw new Error('the connection ended before the job did')
  const since = (what: string) => (seen.get(what) ?? Number.NaN) - (seen.get('start') ?? Number.NaN)
  return {
    job,
    videoId: video.id,
    firstObjects: since('objects'),
    firstSentence: since('sentence'),
    completed: since('completed'),
  }
}

/** The job, if the event is its completion. Throws if it is another end. */
export function completedJob(event: SubscriptionItem): Job | undefined {
  if (event.type === 'processing.failed' || event.type === 'processing.cancelled') {
    const { state, error } = event.data.job
    throw new Error(`the job ended as ${state}: ${error?.message}`)
  }
  return event.type === 'processing.completed' ? event.data.job : undefined
}
