import type { FrameDetections, MediaInfo, Scene, Seconds, Shot } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import { Mutex } from '../../../lib/mutex.js'
import { together } from '../../../lib/together.js'
import type { VideoFrame } from '../../../media/media-tools.js'
import type { ContentDraft } from '../content-draft.js'
import { unlessFaulty } from '../model-skip.js'
import { describeShot } from '../scenes/describe-shot.js'
import { SceneWatch, WatchState } from '../scenes/scene-watch.js'
import { type ShotLabel, ShotLabels } from '../scenes/shot-labels.js'
import { TINY } from '../shots/tiny-frame.js'
import type { JobContext, Stage, StageContext } from '../stage.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Interval between checkpoints while no shot ends. */
const SAVE_INTERVAL_MS = 5000
/** Size of the pictures where no object detector has its own. */
const PICTURE = { width: 416, height: 312 }

/** The size of the pictures that are measured; a checkpoint is of one size only. */
interface Size {
  readonly width: number
  readonly height: number
}

/** Checkpoint: what was measured since the last shot stored, the number of shots stored, and whether that is all. */
const checkpointOf = ({ width, height }: Size) =>
  Type.Object({
    width: Type.Literal(width),
    height: Type.Literal(height),
    stored: Type.Integer({ minimum: 0 }),
    finished: Type.Boolean(),
    watch: WatchState,
  })

/** Describes each shot: place, light, motion and colours. It reads the frames that the shots and objects stages get. */
export const scenes: Stage = {
  name: 'scenes',
  consumes: { info: 'whole', frames: 'live', shots: 'live', detections: 'live' },
  produces: ['scenes'],
  weight: 3,
  async run(context, signal) {
    const { job } = context
    const { video } = job.info
    if (!video) return { state: 'skipped', reason: 'the file has no picture' }
    const size = await pictureSize(job, video)
    const saved = context.resume(checkpointOf(size))
    const draft = context.draft('scenes')
    if (!saved?.finished) {
      await draft.begin()
      const watch = new SceneWatch(saved?.watch)
      const writer = new SceneWriter(context, draft, { size, watch, stored: saved?.stored ?? 0 })
      const sampled = { ...size, rate: job.frameRate, frame: (frame: VideoFrame) => writer.picture(frame) }
      const every = { ...TINY, rate: 'every' as const, frame: (frame: VideoFrame) => writer.tiny(frame) }
      const [picture] = await together(
        context.frames([sampled, every], watch.from, signal).finally(() => watch.end()),
        writer.describe(signal),
      )
      if (watch.isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
      // Saved before the draft becomes the result: afterwards there is no draft to continue.
      await writer.save([], true)
    }
    await draft.complete()
    return { state: 'completed', params: { ...size, frameRate: job.frameRate } }
  },
}

/** The size of the detector's frames, so that ffmpeg writes these once. */
async function pictureSize(job: JobContext, video: NonNullable<MediaInfo['video']>): Promise<Size> {
  const { width, height } = (await unlessFaulty(job.models.objects()))?.frameSize(video) ?? PICTURE
  return { width, height }
}

interface WriterScope {
  readonly size: Size
  readonly watch: SceneWatch
  /** Shots that an earlier attempt stored. */
  readonly stored: number
}

/** Takes frames, and describes each shot as soon as it has ended and its objects are known. */
class SceneWriter {
  readonly #writes = new Mutex()
  #stored: number
  #savedAt: number
  /** Why no more shots can be described. */
  #failure: { readonly error: unknown } | undefined

  constructor(
    private readonly context: StageContext,
    private readonly draft: ContentDraft<'scenes'>,
    private readonly scope: WriterScope,
  ) {
    this.#stored = scope.stored
    this.#savedAt = context.job.clock.elapsed()
  }

  async picture(frame: VideoFrame): Promise<void> {
    if (this.#failure) throw this.#failure.error
    const { job } = this.context
    this.scope.watch.picture(frame)
    this.context.report({ done: Math.min(frame.at, job.info.duration), total: job.info.duration, unit: 'seconds' })
    if (job.clock.elapsed() - this.#savedAt >= SAVE_INTERVAL_MS) await this.save([], false)
  }

  tiny(frame: VideoFrame): void {
    this.scope.watch.tiny(frame)
  }

  /** Describes and stores all shots. */
  async describe(signal: AbortSignal): Promise<void> {
    try {
      const labels = new LabelsInTurn(this.context.items('detections', signal))
      for await (const shot of this.context.items('shots', signal)) {
        await this.scope.watch.reached(shot.end, signal)
        const seen = await labels.within(shot)
        if (shot.index >= this.scope.stored) await this.save([{ shot, labels: seen }], false)
      }
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  /** Stores shots with the checkpoint behind them. */
  async save(shots: readonly { readonly shot: Shot; readonly labels: readonly ShotLabel[] }[], finished: boolean) {
    await this.#writes.run(async () => {
      const { watch, size } = this.scope
      const found = shots.map(({ shot, labels }): Scene => describeShot(shot, { ...watch.take(shot), labels }))
      this.#stored += found.length
      this.context.count('scenes', found.length)
      this.#savedAt = this.context.job.clock.elapsed()
      await this.draft.add(found, { ...size, stored: this.#stored, finished, watch: watch.state })
    })
  }
}

/** Reads detections as far as needed. */
class LabelsInTurn {
  /** The first frame that belongs to a later shot. */
  #next: FrameDetections | undefined

  constructor(private readonly frames: AsyncGenerator<FrameDetections>) {}

  /** The labels of a shot. Shots must come in order. */
  async within({ start, end }: { readonly start: Seconds; readonly end: Seconds }): Promise<ShotLabel[]> {
    const labels = new ShotLabels()
    for (;;) {
      this.#next ??= (await this.frames.next()).value as FrameDetections | undefined
      if (!this.#next || this.#next.at >= end) return labels.list()
      if (this.#next.at >= start) labels.add(this.#next)
      this.#next = undefined
    }
  }
}
