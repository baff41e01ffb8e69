import { Detection, type FrameDetections, Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import type { VideoFrame } from '../../../media/media-tools.js'
import type { ObjectDetector } from '../../../models/models.js'
import { itemsOf } from '../../content/items.js'
import type { ContentDraft } from '../content-draft.js'
import { signature, unchanged } from '../frame-change.js'
import { dominantColour } from '../objects/dominant-colour.js'
import { LabelSummaries } from '../objects/label-summaries.js'
import { OrderedWork } from '../ordered-work.js'
import type { JobContext, Stage, StageContext } from '../stage.js'
import { toMillis } from '../to-millis.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Interval between writes of results, each with its event. */
const WRITE_INTERVAL_MS = 250
/** Frames of one event, as the protocol bounds it. */
const MAX_FRAMES = 200
/** Interval between writes of the label summary, which makes labels searchable while the job runs. */
const LABELS_INTERVAL_MS = 2000
/** Most objects the protocol lets a frame hold. */
const MAX_OBJECTS = 100

/**
 * Checkpoint: the last frame stored, and the last frame analysed with its objects. It is valid for the same model pack only,
 * because a result names one pack.
 */
const checkpointOf = (pack: string) =>
  Type.Object({
    pack: Type.Literal(pack),
    at: Seconds,
    finished: Type.Boolean(),
    analysed: Type.Object({ signature: Type.String(), objects: Type.Array(Detection) }),
  })
type Checkpoint = Static<ReturnType<typeof checkpointOf>>

/** The objects of a frame, reused from the frame before if nothing changed. */
interface Sight {
  readonly analysed: Checkpoint['analysed']
  readonly unchanged: boolean
}

/** Finds COCO objects in sampled frames. A frame that looks like the last one analysed reuses its objects. */
export const objects: Stage = {
  name: 'objects',
  consumes: { info: 'whole', frames: 'live' },
  produces: ['detections', 'objects'],
  weight: 35,
  models: ['objects'],
  loadsFor: ({ video }) => video !== undefined,
  async run(context, signal) {
    const { job } = context
    const { video } = job.info
    if (!video) return { state: 'skipped', reason: 'the file has no picture' }
    const detector = await job.models.objects()
    const search = await ObjectSearch.start(context, detector)
    if (!search.finished) {
      const frames = new OrderedWork<VideoFrame, Sight | undefined>({
        limit: detector.parallel,
        start: frame => search.look(frame, signal),
        take: (frame, sight) => search.keep(frame, sight),
      })
      const sink = {
        ...detector.frameSize(video),
        rate: job.frameRate,
        frame: (frame: VideoFrame) => frames.push(frame),
      }
      const picture = await context.frames(sink, search.at, signal).finally(() => frames.end())
      if (search.isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
      await search.finish(picture.end ?? job.info.duration)
    }
    await search.complete()
    return { state: 'completed', model: detector.pack, params: { frameRate: job.frameRate } }
  },
}

/** Analyses several frames at a time and stores results in order. A crash loses a quarter of a second of work. */
class ObjectSearch {
  readonly #labels: LabelSummaries
  readonly #detections: ContentDraft<'detections'>
  readonly #objects: ContentDraft<'objects'>
  /** Results not stored yet. */
  #found: FrameDetections[] = []
  #writtenAt = Number.NEGATIVE_INFINITY
  #labelsWrittenAt: number
  /** The last frame passed to the detector; its result may still be pending. */
  #analysed: { readonly signature: Uint8Array; readonly sight: Promise<Checkpoint['analysed']> } | undefined

  private constructor(
    private readonly context: StageContext,
    private readonly detector: ObjectDetector,
    private last: Checkpoint | undefined,
  ) {
    const { job } = context
    if (last) {
      const signature = Buffer.from(last.analysed.signature, 'base64')
      this.#analysed = { signature, sight: Promise.resolve(last.analysed) }
    }
    this.#detections = context.draft('detections')
    this.#objects = context.draft('objects')
    this.#labels = new LabelSummaries(1 / job.frameRate, job.info.duration, detector.reliableFrom)
    this.#labelsWrittenAt = job.clock.elapsed()
  }

  static async start(context: StageContext, detector: ObjectDetector): Promise<ObjectSearch> {
    const { job } = context
    const saved = context.resume(checkpointOf(detector.pack))
    const search = new ObjectSearch(context, detector, saved)
    if (search.finished) return search
    await search.#detections.begin()
    await search.#objects.begin()
    if (saved) await search.#recall(job, saved.at)
    return search
  }

  /** Time of the last frame analysed. Frames up to it are skipped. */
  get at(): Seconds {
    return this.last?.at ?? 0
  }

  /** Whether no frame has been analysed. */
  get isEmpty(): boolean {
    return this.last === undefined
  }

  /** An earlier attempt analysed the last frame. */
  get finished(): boolean {
    return this.last?.finished ?? false
  }

  /** The objects of a frame. Undefined if an earlier attempt stored them. */
  async look(frame: VideoFrame, signal: AbortSignal): Promise<Sight | undefined> {
    if (this.last && atOf(frame) <= this.last.at) return undefined
    const seen = signature(frame)
    const same = this.#analysed !== undefined && unchanged(this.#analysed.signature, seen)
    if (!this.#analysed || !same) this.#analysed = { signature: seen, sight: this.#analyse(frame, seen, signal) }
    return { analysed: await this.#analysed.sight, unchanged: same }
  }

  /** Stores what a frame shows. */
  async keep(frame: VideoFrame, sight: Sight | undefined): Promise<void> {
    if (!sight) return
    const { context } = this
    const { analysed, unchanged } = sight
    const at = atOf(frame)
    context.count(unchanged ? 'framesUnchanged' : 'framesAnalysed')
    await this.#store({ at, objects: analysed.objects }, { pack: this.detector.pack, at, finished: false, analysed })
    context.report({ done: at + 1 / context.job.frameRate, total: context.job.info.duration, unit: 'seconds' })
  }

  /** The last frame is shown until `end`. */
  async finish(end: Seconds): Promise<void> {
    this.#labels.finish(end)
    await this.#writeLabels()
    // Saved before the draft becomes the result: afterwards there is no draft to continue.
    if (this.last) await this.#write({ ...this.last, finished: true })
  }

  /** Readers see what was found. */
  async complete(): Promise<void> {
    await this.#detections.complete()
    await this.#objects.complete()
  }

  async #analyse(frame: VideoFrame, seen: Uint8Array, signal: AbortSignal): Promise<Checkpoint['analysed']> {
    const found = await this.detector.detect(frame, signal)
    const objects = found.slice(0, MAX_OBJECTS).map(detection => {
      const colour = dominantColour(frame, detection.box)
      return colour ? { ...detection, colour } : detection
    })
    return { signature: Buffer.from(seen).toString('base64'), objects }
  }

  async #store(frame: FrameDetections, checkpoint: Checkpoint): Promise<void> {
    const { job } = this.context
    this.last = checkpoint
    this.#labels.add(frame)
    this.#found.push(frame)
    const now = job.clock.elapsed()
    if (this.#found.length < MAX_FRAMES && now - this.#writtenAt < WRITE_INTERVAL_MS) return
    await this.#write(checkpoint)
    if (now - this.#labelsWrittenAt >= LABELS_INTERVAL_MS) await this.#writeLabels()
  }

  /** Stores results, checkpoint and event in one transaction. */
  async #write(checkpoint: Checkpoint): Promise<void> {
    const found = this.#found
    this.#found = []
    await this.#detections.add(found, checkpoint)
    this.#writtenAt = this.context.job.clock.elapsed()
  }

  async #writeLabels(): Promise<void> {
    await this.#objects.replace(this.#labels.list())
    this.#labelsWrittenAt = this.context.job.clock.elapsed()
  }

  /** Rebuilds the summary from the results of an earlier attempt. */
  async #recall({ store, videoId, jobId }: JobContext, upTo: Seconds): Promise<void> {
    for await (const frame of itemsOf(store.content, videoId, 'detections', { draftOf: jobId }))
      if (frame.at <= upTo) this.#labels.add(frame)
  }
}

/** The time of a frame as it is stored, to the millisecond. */
function atOf({ at }: VideoFrame): Seconds {
  return toMillis(at)
}
