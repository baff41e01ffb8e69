import { Seconds, type Shot } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { abortable } from '../../../lib/abortable.js'
import { deferred } from '../../../lib/deferred.js'
import type { VideoFrame } from '../../../media/media-tools.js'
import { toMillis } from '../to-millis.js'
import { MotionSpan, MotionState, MotionWatch } from './motion-watch.js'
import { PictureLook, PictureStatistics, pictureStatistics } from './picture-statistics.js'
import { TimedHistory } from './timed-history.js'

/** Entries kept whole, of two minutes or more. */
const RECENT = { pictures: 256, looks: 384, motion: 1024 }
/** Interval of the tiny frames whose colours are measured. The shortest shot, of 0.4 s, has one. */
const LOOK_SECONDS = 0.35

const historyOf = <S extends typeof PictureStatistics | typeof PictureLook | typeof MotionSpan>(value: S) =>
  Type.Object({
    entries: Type.Array(Type.Object({ index: Type.Integer(), at: Seconds, value })),
    next: Type.Integer(),
    first: Type.Integer(),
  })

/** What it needs to continue in another process. */
export const WatchState = Type.Object({
  at: Type.Union([Seconds, Type.Null()]),
  pictures: historyOf(PictureStatistics),
  looks: historyOf(PictureLook),
  motion: historyOf(MotionSpan),
  lookedAt: Type.Union([Seconds, Type.Null()]),
  motionState: Type.Union([MotionState, Type.Null()]),
})
export type WatchState = Static<typeof WatchState>

/** Measures two sequences of frames, small ones for motion and larger ones for places, and keeps the results until a shot has ended. */
export class SceneWatch {
  readonly #pictures: TimedHistory<PictureStatistics>
  readonly #looks: TimedHistory<PictureLook>
  readonly #motion: TimedHistory<MotionSpan>
  readonly #watch: MotionWatch
  /** Times of the last frames of the two sequences. */
  #pictureAt: Seconds | undefined
  #motionAt: Seconds | undefined
  /** Time of the last tiny frame whose colours were measured. */
  #lookedAt: Seconds | undefined
  #isOver = false
  #moved = deferred()

  constructor(former?: WatchState) {
    this.#pictures = new TimedHistory(RECENT.pictures, former?.pictures)
    this.#looks = new TimedHistory(RECENT.looks, former?.looks)
    this.#motion = new TimedHistory(RECENT.motion, former?.motion)
    this.#watch = new MotionWatch(former?.motionState ?? undefined)
    this.#pictureAt = former?.at ?? undefined
    this.#lookedAt = former?.lookedAt ?? undefined
    this.#motionAt = former?.motionState?.at
  }

  get state(): WatchState {
    return {
      at: this.#pictureAt ?? null,
      pictures: this.#pictures.state,
      looks: this.#looks.state,
      motion: this.#motion.state,
      lookedAt: this.#lookedAt ?? null,
      motionState: this.#watch.state ?? null,
    }
  }

  /** Whether there was no frame. */
  get isEmpty(): boolean {
    return this.#pictureAt === undefined && this.#motionAt === undefined
  }

  /** Time from which frames are wanted. */
  get from(): Seconds {
    return Math.min(this.#pictureAt ?? 0, this.#motionAt ?? 0)
  }

  /** Takes a frame of the sampled sequence. */
  picture(frame: VideoFrame): void {
    const at = toMillis(frame.at)
    if (this.#pictureAt !== undefined && at <= this.#pictureAt) return
    this.#pictures.push(at, pictureStatistics(frame))
    this.#pictureAt = at
    this.#advance()
  }

  /** Takes a tiny frame of the whole sequence. */
  tiny(frame: VideoFrame): void {
    const { at, data } = frame
    const last = this.#motionAt
    if (last !== undefined && at <= last) return
    this.#keep(this.#watch.push(at, data))
    if (this.#lookedAt === undefined || at - this.#lookedAt >= LOOK_SECONDS) {
      const { luma, light, sky, colours } = pictureStatistics(frame)
      this.#looks.push(at, { luma, light, sky, colours })
      this.#lookedAt = at
    }
    this.#motionAt = at
    this.#advance()
  }

  /** No more frames will come. */
  end(): void {
    this.#keep(this.#watch.finish())
    this.#isOver = true
    this.#advance()
  }

  /** Waits until everything before a time has been measured. */
  async reached(time: Seconds, signal: AbortSignal): Promise<void> {
    const isReached = (at: Seconds | undefined) => at !== undefined && at >= time
    while (!this.#isOver && !(isReached(this.#pictureAt) && isReached(this.#motionAt)))
      await abortable(this.#moved.promise, signal)
  }

  /** The measurements of a shot. Forgets everything before its end. */
  take({ start, end }: Pick<Shot, 'start' | 'end'>) {
    return {
      pictures: this.#pictures.take(start, end),
      looks: this.#looks.take(start, end),
      motion: this.#motion.take(start, end),
    }
  }

  #keep(span: MotionSpan | undefined): void {
    if (span) this.#motion.push(span.start, span)
  }

  #advance(): void {
    const moved = this.#moved
    this.#moved = deferred()
    moved.resolve()
  }
}
