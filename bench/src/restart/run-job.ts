import { uploadFile } from '@cuewire/client/node'
import { pause } from '../lib/pause.js'
import { until } from '../lib/until.js'
import { withClient } from '../lib/with-client.js'
import { type Content, readContent } from './content.js'
import { Follower, type TopicTally } from './follower.js'
import { type Installation, type Kill, type Killed, kill } from './kill.js'

/** A job from its upload to its end. */
export interface JobRun {
  readonly kills: readonly Kill[]
  /** How the job ended. */
  readonly state: string
  readonly error?: string
  readonly attempts: number
  readonly tookMs: number
  readonly topics: readonly TopicTally[]
  readonly content: Content
}

const JOB_MS = 300_000
/** Kills come at most so long after the share of the job they are drawn for. */
const DELAY_MS = 300
/** The last part of a job is passed through too fast to be met. */
const DRAWN_FROM = 0.95

/** Runs a job during which processes are killed in this order, at random moments; fewer when the job ends before. */
export async function runJob(
  installation: Installation,
  { file, plan }: { readonly file: string; readonly plan: readonly Killed[] },
): Promise<JobRun> {
  const { signal } = installation.options
  const { port } = installation.server
  return await withClient(port, async client => {
    const began = performance.now()
    const { id: videoId, jobId = '' } = await uploadFile(client, file)
    const follower = new Follower(client, { jobId, videoId })
    const kills = await killInParts(installation, follower, plan)
    await until('the end of the job', () => follower.isEnded, { signal, timeoutMs: JOB_MS })
    const tookMs = performance.now() - began
    const topics = await withClient(port, fresh => follower.tally(fresh, signal))
    const { job } = await client.processing.get({ jobId })
    const content = await readContent(client, videoId)
    const { state, error, attempt: attempts } = job
    return { kills, state, ...(error && { error: error.message }), attempts, tookMs, topics, content }
  })
}

/** One kill in each of as many equal parts of the job as there are kills. */
async function killInParts(installation: Installation, follower: Follower, plan: readonly Killed[]): Promise<Kill[]> {
  const { signal } = installation.options
  const kills: Kill[] = []
  for (const [part, killed] of plan.entries()) {
    const share = ((part + Math.random()) / plan.length) * DRAWN_FROM
    const isMet = () => follower.job?.state === 'running' && follower.progress >= share
    await until('the moment of a kill', () => follower.isEnded || isMet(), { signal, timeoutMs: JOB_MS })
    await pause(Math.random() * DELAY_MS, signal)
    if (follower.isEnded) break
    kills.push(await kill(killed, installation, follower))
  }
  return kills
}
