import type { Client, Job, Position, Subscription } from '@cuewire/client'
import { pause } from '../lib/pause.js'

/** What came of one topic. */
export interface TopicTally {
  readonly topic: string
  readonly events: number
  readonly gaps: number
  readonly missing: number
  readonly twice: number
}

/** A topic that is followed, and the numbers of its events as they came. */
interface Followed {
  readonly topic: string
  readonly subscription: Subscription
  readonly seqs: number[]
  gaps: number
  /** The number of the last event that came, or is known to be lost. */
  last: number
}

const PATIENCE_MS = 15_000

/** Follows a job and its video over every reconnect, and notes all that comes. */
export class Follower {
  job: Job | undefined
  progress = 0
  /** When the newest attempt of the job was told to have begun. */
  startedAt = 0
  readonly #ofJob: Followed
  readonly #topics: readonly Followed[]
  #failure: unknown

  constructor(
    private readonly client: Client,
    { jobId, videoId }: { readonly jobId: string; readonly videoId: string },
  ) {
    const follow = (topic: string): Followed => {
      const followed = { topic, subscription: client.subscribe(topic, { since: 0 }), seqs: [], gaps: 0, last: 0 }
      this.#read(followed).catch((error: unknown) => {
        this.#failure = error
      })
      return followed
    }
    this.#ofJob = follow(`job/${jobId}`)
    this.#topics = [this.#ofJob, follow(`video/${videoId}`), follow(`visual/${videoId}`)]
  }

  /** Throws when a subscription broke for good. */
  get isEnded(): boolean {
    if (this.#failure !== undefined) throw this.#failure
    return this.job !== undefined && this.job.state !== 'queued' && this.job.state !== 'running'
  }

  /** Resolves once a server has confirmed the subscription to the job, on the next connection if there is none. */
  async confirmed(): Promise<void> {
    const { topic, subscription } = this.#ofJob
    await subscription.ready()
    const { seq, epoch } = positionOf(subscription)
    const another = this.client.subscribe(topic, { since: seq, epoch })
    await another.ready()
    another.close()
  }

  /** Compares what came with what a client that is new sees the server has numbered; ends the subscriptions. */
  async tally(fresh: Client, signal: AbortSignal): Promise<TopicTally[]> {
    const lasts = await Promise.all(this.#topics.map(({ topic }) => lastSeq(fresh, topic)))
    const deadline = performance.now() + PATIENCE_MS
    const isBehind = () => this.#topics.some(({ last }, at) => last < (lasts[at] ?? 0))
    while (isBehind() && performance.now() < deadline) await pause(20, signal)
    return this.#topics.map(({ topic, subscription, seqs, gaps }, at) => {
      subscription.close()
      const different = new Set(seqs).size
      return { topic, events: seqs.length, gaps, missing: (lasts[at] ?? 0) - different, twice: seqs.length - different }
    })
  }

  async #read(followed: Followed): Promise<void> {
    for await (const item of followed.subscription) {
      followed.last = item.seq ?? followed.last
      if (item.type === 'gap') {
        followed.gaps++
        continue
      }
      if (item.seq !== undefined) followed.seqs.push(item.seq)
      if (followed === this.#ofJob) this.#note(item)
    }
  }

  #note({ type, data }: { readonly type: string; readonly data: object }): void {
    if (type === 'processing.started') this.startedAt = performance.now()
    if ('jobProgress' in data) this.progress = Number(data.jobProgress)
    if ('job' in data) this.job = data.job as Job
  }
}

async function lastSeq(client: Client, topic: string): Promise<number> {
  const now = client.subscribe(topic)
  await now.ready()
  const { seq } = positionOf(now)
  now.close()
  return seq
}

function positionOf({ topic, position }: Subscription): Position {
  if (!position) throw new Error(`the subscription to ${topic} was never confirmed`)
  return position
}
