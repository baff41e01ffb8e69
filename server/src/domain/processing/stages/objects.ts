import { Detection, type FrameDetections, LIMITS, Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import type { VideoFrame } from '../../../media/media-tools.js'
import type { ObjectDetector } from '../../../models/models.js'
import { Batch } from '../batch.js'
import { signature, unchanged } from '../frame-change.js'
import { LabelSummaries } from '../label-summaries.js'
import { OneAhead } from '../one-ahead.js'
import type { JobContext, Stage, StageContext } from '../stage.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Between two events with objects. */
const EVENT_INTERVAL_MS = 250
/** Between two writes of the summary of labels, which makes them searchable while the job runs. */
const LABELS_INTERVAL_MS = 2000
/** Most objects the protocol lets a frame hold. */
const MAX_OBJECTS = 100

/** Where to continue: the last frame stored, and the last one analysed with what it showed. */
const Checkpoint = Type.Object({
  at: Seconds,
  finished: Type.Boolean(),
  analysed: Type.Object({ signature: Type.String(), objects: Type.Array(Detection) }),
})
type Checkpoint = Static<typeof Checkpoint>

/** Finds COCO objects in sampled frames. A frame that shows the same as the last one analysed takes over its objects. */
export const objects: Stage = {
  name: 'objects',
  needs: ['probe'],
  async run(context, signal) {
    const { job } = context
    const { video } = job.info
    if (!video) return { state: 'skipped', reason: 'the file has no picture' }
    const detector = await job.models.objects()
    const search = await ObjectSearch.start(context, detector)
    if (!search.finished) {
      const frames = new OneAhead<VideoFrame>(frame => search.look(frame, signal))
      const sink = {
        ...detector.frameSize(video),
        rate: job.frameRate,
        frame: (frame: VideoFrame) => frames.push(frame),
      }
      const picture = await job.pass.frames('objects', sink, search.at, signal).finally(() => frames.end())
      if (search.isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
      await search.finish(picture.end ?? job.info.duration)
    }
    await job.store.content.complete(job.videoId, 'objects', job.jobId)
    await job.timeline.grew()
    return { state: 'completed', model: detector.pack, params: { frameRate: job.frameRate } }
  },
}

/** Looks at one frame after the other, and keeps what it finds so that a crash loses at most the frame under way. */
class ObjectSearch {
  readonly #labels: LabelSummaries
  readonly #events: Batch<FrameDetections>
  #labelsWrittenAt: number

  private constructor(
    private readonly context: StageContext,
    private readonly detector: ObjectDetector,
    private last: Checkpoint | undefined,
  ) {
    const { job } = context
    this.#labels = new LabelSummaries(1 / job.frameRate, job.info.duration)
    this.#labelsWrittenAt = job.clock.elapsed()
    this.#events = new Batch({ intervalMs: EVENT_INTERVAL_MS, maxItems: 200, clock: job.clock }, frames =>
      job.bus.publish(`visual/${job.videoId}`, 'visual.objects', { videoId: job.videoId, frames }),
    )
  }

  static async start(context: StageContext, detector: ObjectDetector): Promise<ObjectSearch> {
    const { job } = context
    const saved = context.resume(Checkpoint)
    const search = new ObjectSearch(context, detector, saved)
    if (search.finished) return search
    await job.store.content.begin(job.videoId, 'objects', job.jobId)
    if (saved) await search.#recall(job, saved.at)
    return search
  }

  /** Time of the last frame that was looked at; frames up to it are passed over. */
  get at(): Seconds {
    return this.last?.at ?? 0
  }

  /** No frame has been looked at. */
  get isEmpty(): boolean {
    return this.last === undefined
  }

  /** A former attempt has seen the last frame. */
  get finished(): boolean {
    return this.last?.finished ?? false
  }

  async look(frame: VideoFrame, signal: AbortSignal): Promise<void> {
    const { context } = this
    const at = Math.round(frame.at * 1000) / 1000
    if (this.last && at <= this.last.at) return
    const seen = signature(frame)
    const former = this.last?.analysed
    const same = former !== undefined && unchanged(Buffer.from(former.signature, 'base64'), seen)
    const analysed = same ? former : await this.#analyse(frame, seen, signal)
    context.count(same ? 'framesUnchanged' : 'framesAnalysed')
    await this.#keep({ at, objects: analysed.objects }, { at, finished: false, analysed })
    context.report({ done: at + 1 / context.job.frameRate, total: context.job.info.duration, unit: 'seconds' })
  }

  /** The last frame is shown until `end`. */
  async finish(end: Seconds): Promise<void> {
    this.#events.flush()
    this.#labels.finish(end)
    await this.#writeLabels()
    // Said before the draft becomes the result: afterwards there is no draft to continue.
    if (this.last) await this.context.save({ ...this.last, finished: true })
  }

  async #analyse(frame: VideoFrame, seen: Uint8Array, signal: AbortSignal): Promise<Checkpoint['analysed']> {
    const found = await this.detector.detect(frame, signal)
    return { signature: Buffer.from(seen).toString('base64'), objects: found.slice(0, MAX_OBJECTS) }
  }

  async #keep(frame: FrameDetections, checkpoint: Checkpoint): Promise<void> {
    const { job } = this.context
    await job.store.content.addDetections(job.videoId, job.jobId, [frame])
    await this.context.save(checkpoint)
    this.last = checkpoint
    this.#labels.add(frame)
    if (frame.objects.length > 0) this.#events.add(frame)
    if (job.clock.elapsed() - this.#labelsWrittenAt >= LABELS_INTERVAL_MS) await this.#writeLabels()
    await job.timeline.grew()
  }

  async #writeLabels(): Promise<void> {
    const { job } = this.context
    await job.store.content.setLabels(job.videoId, job.jobId, this.#labels.list())
    this.#labelsWrittenAt = job.clock.elapsed()
  }

  /** Sums up again what a former attempt has found. */
  async #recall({ store, videoId, jobId }: JobContext, upTo: Seconds): Promise<void> {
    let cursor: string | undefined
    do {
      const page = await store.content.detections(videoId, { limit: LIMITS.pageSize, cursor, draftOf: jobId })
      for (const frame of page.items) if (frame.at <= upTo) this.#labels.add(frame)
      cursor = page.next
    } while (cursor !== undefined)
  }
}
