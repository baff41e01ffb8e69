import type { Seconds, Shot, Track } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import type { ContentDraft } from '../content-draft.js'
import type { JobContext, Stage, StageContext } from '../stage.js'
import { Tracker } from '../tracks/tracker.js'

/** Interval between writes of results, each with its event. */
const WRITE_INTERVAL_MS = 250
/** Tracks of one event, as the protocol bounds it. */
const MAX_TRACKS = 200

/**
 * Checkpoint: how many tracks were stored, and whether that is all. They are the same again as long as the same pack finds
 * the objects.
 */
const checkpointOf = (pack: string) =>
  Type.Object({ pack: Type.Literal(pack), stored: Type.Integer({ minimum: 0 }), finished: Type.Boolean() })

/** Follows the objects found in sampled frames within each shot. After a crash it reads the stored frames again. */
export const tracks: Stage = {
  name: 'tracks',
  consumes: { info: 'whole', detections: 'live', shots: 'live' },
  produces: ['tracks'],
  weight: 1,
  models: ['objects'],
  async run(context, signal) {
    const { job } = context
    if (!job.info.video) return { state: 'skipped', reason: 'the file has no picture' }
    const pack = (await job.models.status()).find(({ task }) => task === 'objects')?.pack ?? ''
    const saved = context.resume(checkpointOf(pack))
    const draft = context.draft('tracks')
    if (!saved?.finished) {
      await draft.begin()
      if (!saved) await draft.replace([])
      const writer = new TrackWriter(draft, job, { pack, stored: saved?.stored ?? 0 })
      const isFound = await follow(context, writer, signal)
      if (!isFound) {
        // Says which pack is missing, if that is why no frame was analysed.
        await job.models.objects()
        return { state: 'skipped', reason: 'no objects were looked for' }
      }
      context.count('tracks', writer.count)
      // Saved before the draft becomes the result: afterwards there is no draft to continue.
      await writer.finish()
    }
    await draft.complete()
    return { state: 'completed', params: { frameRate: job.frameRate } }
  },
}

/** Whether there was any frame. */
async function follow(context: StageContext, writer: TrackWriter, signal: AbortSignal): Promise<boolean> {
  const { job } = context
  const tracker = new Tracker(1 / job.frameRate)
  const shots = new ShotsInTurn(context.items('shots', signal))
  let isFound = false
  for await (const frame of context.items('detections', signal)) {
    isFound = true
    for await (const { start } of shots.begunBy(frame.at)) await writer.write(tracker.cut(start))
    await writer.write(tracker.push(frame))
    const { duration } = job.info
    context.report({ done: Math.min(frame.at, duration), total: duration, unit: 'seconds' })
  }
  for await (const { start } of shots.begunBy(Number.POSITIVE_INFINITY)) await writer.write(tracker.cut(start))
  await writer.write(tracker.cut(shots.end ?? job.info.duration))
  return isFound
}

/** Reads shots as far as needed. A shot is known once it has ended. */
class ShotsInTurn {
  #current: Shot | undefined
  #isOver = false

  constructor(private readonly shots: AsyncGenerator<Shot>) {}

  /** End of the last shot read. */
  get end(): Seconds | undefined {
    return this.#current?.end
  }

  /** Yields the shots that begin up to this time, except those yielded before and the first of the video. */
  async *begunBy(at: Seconds): AsyncGenerator<Shot> {
    while (!this.#isOver && (this.#current === undefined || at >= this.#current.end)) {
      const { value, done } = await this.shots.next()
      this.#isOver = done === true
      if (done) return
      const isFirst = this.#current === undefined
      this.#current = value
      if (!isFirst) yield value
    }
  }
}

/** Stores tracks, except for those that an earlier attempt stored. */
class TrackWriter {
  #count = 0
  #waiting: Track[] = []
  #writtenAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly draft: ContentDraft<'tracks'>,
    private readonly job: JobContext,
    private readonly former: { readonly pack: string; readonly stored: number },
  ) {}

  /** Tracks so far, including those of earlier attempts. */
  get count(): number {
    return this.#count
  }

  async write(found: readonly Track[]): Promise<void> {
    for (const track of found) {
      this.#count += 1
      if (this.#count > this.former.stored) this.#waiting.push(track)
    }
    const isDue = this.job.clock.elapsed() - this.#writtenAt >= WRITE_INTERVAL_MS
    if (this.#waiting.length >= MAX_TRACKS || (isDue && this.#waiting.length > 0)) await this.#flush(false)
  }

  /** Stores the rest. */
  async finish(): Promise<void> {
    await this.#flush(true)
  }

  async #flush(finished: boolean): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    this.#writtenAt = this.job.clock.elapsed()
    await this.draft.add(waiting, { pack: this.former.pack, stored: this.#count, finished })
  }
}
