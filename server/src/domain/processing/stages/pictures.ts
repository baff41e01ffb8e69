import { Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import type { VideoFrame } from '../../../media/media-tools.js'
import type { ImageTextEncoder } from '../../../models/models.js'
import type { SpanVector } from '../../../storage/vectors.js'
import { isBlank, signature, unchanged } from '../frame-change.js'
import { OrderedWork } from '../ordered-work.js'
import type { Stage, StageContext } from '../stage.js'
import { toMillis } from '../to-millis.js'
import { skippedAsUndecodable } from '../undecodable.js'

const SOURCE = 'picture-vectors'
/** Most pictures of a video. A longer video is sampled less often than every second. */
const MAX_PICTURES = 3600
/** Vectors stored together. */
const BATCH = 64
/** Interval between checkpoints while few pictures end. */
const SAVE_INTERVAL_MS = 2000

/**
 * Checkpoint: the time of the last frame taken, the number of vectors stored, and the picture shown then, which is stored when
 * it ends. A blank picture has no vector. It is valid for the same model pack and the same sampling only.
 */
const checkpointOf = (pack: string, interval: Seconds) =>
  Type.Object({
    pack: Type.Literal(pack),
    interval: Type.Literal(interval),
    at: Seconds,
    finished: Type.Boolean(),
    stored: Type.Integer({ minimum: 0 }),
    shown: Type.Object({ start: Seconds, signature: Type.String(), vector: Type.Optional(Type.String()) }),
  })
type Checkpoint = Static<ReturnType<typeof checkpointOf>>

/** A picture that differs from the one before. */
interface Sight {
  readonly signature: Uint8Array
  readonly vector: Float32Array | undefined
}

/**
 * Vectors of pictures, so that what is shown is found by words. This is not part of the `embed` stage, because that one waits
 * for the whole transcript, and the decode pass would wait for it.
 */
export const pictures: Stage = {
  name: 'pictures',
  consumes: { info: 'whole', frames: 'live' },
  produces: [],
  weight: 3,
  enriches: true,
  models: ['imageText'],
  async run(context, signal) {
    const { job } = context
    const { video, duration } = job.info
    if (!video) return { state: 'skipped', reason: 'the file has no picture' }
    const encoder = await job.models.imageText()
    const interval = Math.max(1, Math.ceil(duration / MAX_PICTURES))
    const saved = context.resume(checkpointOf(encoder.pack, interval))
    const { vectors } = job.store
    if (!saved?.finished) {
      await vectors.begin(job.videoId, SOURCE, job.jobId)
      const writer = new PictureWriter({ context, encoder, interval }, saved)
      const frames = new OrderedWork<VideoFrame, Sight | undefined>({
        limit: encoder.parallel,
        start: frame => writer.look(frame, signal),
        take: (frame, sight) => writer.keep(frame, sight),
      })
      const sink = {
        ...encoder.input,
        rate: 1 / interval,
        frame: (frame: VideoFrame) => frames.push(frame),
      }
      const picture = await context.frames(sink, saved?.at ?? 0, signal).finally(() => frames.end())
      if (writer.isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
      await writer.finish(toMillis(picture.end ?? duration))
    }
    await vectors.complete(job.videoId, SOURCE, job.jobId)
    return { state: 'completed', model: encoder.pack, params: { interval } }
  },
}

interface WriterScope {
  readonly context: StageContext
  readonly encoder: ImageTextEncoder
  readonly interval: Seconds
}

/** Encodes several pictures at a time, and stores each when the next different one appears. */
class PictureWriter {
  /** Signature of the last different picture; its vector may still be pending. */
  #seen: Uint8Array | undefined
  /** Time of the last frame that was taken. */
  #at: Seconds | undefined
  #shown: Checkpoint['shown'] | undefined
  #stored: number
  /** Vectors not stored yet. */
  #ended: SpanVector[] = []
  #savedAt: number

  constructor(
    private readonly scope: WriterScope,
    private readonly saved: Checkpoint | undefined,
  ) {
    this.#at = saved?.at
    this.#shown = saved?.shown
    this.#stored = saved?.stored ?? 0
    if (saved) this.#seen = Buffer.from(saved.shown.signature, 'base64')
    this.#savedAt = scope.context.job.clock.elapsed()
  }

  /** Whether no frame has been taken. */
  get isEmpty(): boolean {
    return this.#at === undefined
  }

  /** Encodes a frame, unless it looks like the one before or an earlier attempt took it. */
  async look(frame: VideoFrame, signal: AbortSignal): Promise<Sight | undefined> {
    if (this.saved && toMillis(frame.at) <= this.saved.at) return undefined
    const seen = signature(frame)
    if (this.#seen && unchanged(this.#seen, seen)) return undefined
    this.#seen = seen
    const vector = isBlank(seen) ? undefined : await this.scope.encoder.encodeImage(frame, signal)
    return { signature: seen, vector }
  }

  async keep(frame: VideoFrame, sight: Sight | undefined): Promise<void> {
    const { context, interval } = this.scope
    const at = toMillis(frame.at)
    if (this.saved && at <= this.saved.at) return
    this.#at = at
    if (sight) this.#show(sight, at)
    context.count(sight ? (sight.vector ? 'picturesEncoded' : 'picturesBlank') : 'picturesUnchanged')
    context.report({ done: at + interval, total: context.job.info.duration, unit: 'seconds' })
    const isDue = context.job.clock.elapsed() - this.#savedAt >= SAVE_INTERVAL_MS
    if (this.#ended.length >= BATCH || isDue) await this.#store(false)
  }

  /** The last picture is shown until `end`. */
  async finish(end: Seconds): Promise<void> {
    this.#end(end)
    await this.#store(true)
  }

  #show({ signature, vector }: Sight, at: Seconds): void {
    this.#end(at)
    const bytes = vector && Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
    this.#shown = {
      start: at,
      signature: Buffer.from(signature).toString('base64'),
      ...(bytes !== undefined && { vector: bytes }),
    }
  }

  /** The picture shown ends. */
  #end(end: Seconds): void {
    const { start, vector } = this.#shown ?? {}
    if (start === undefined || vector === undefined) return
    const position = this.#stored + this.#ended.length
    // Only a file that lasts much longer than it says has more.
    if (position >= MAX_PICTURES) {
      this.scope.context.count('picturesLeftOut')
      return
    }
    const bytes = new Uint8Array(Buffer.from(vector, 'base64'))
    this.#ended.push({ position, start, end: Math.max(start, end), vector: new Float32Array(bytes.buffer) })
  }

  /** Stores vectors and checkpoint in one transaction. */
  async #store(finished: boolean): Promise<void> {
    const { context, encoder, interval } = this.scope
    const { store, videoId, jobId, clock } = context.job
    if (this.#at === undefined || !this.#shown) return
    const ended = this.#ended
    this.#ended = []
    this.#stored += ended.length
    this.#savedAt = clock.elapsed()
    const { pack } = encoder
    const state: Checkpoint = { pack, interval, at: this.#at, finished, stored: this.#stored, shown: this.#shown }
    await store.atomically(async changes => {
      await changes.vectors.add(videoId, SOURCE, jobId, pack, ended)
      await context.save(state, changes)
    })
  }
}
