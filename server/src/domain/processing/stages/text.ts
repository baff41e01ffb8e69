import { type Box, type ScreenText, Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { yuv420ToRgb } from '../../../lib/yuv420.js'
import type { VideoFrame } from '../../../media/media-tools.js'
import type { TextReader } from '../../../models/models.js'
import type { ContentDraft } from '../content-draft.js'
import { OrderedWork } from '../ordered-work.js'
import { edgeGrid } from '../screen-text/edge-grid.js'
import { PictureWatch, WatchState } from '../screen-text/picture-watch.js'
import { LinesState, ScreenLines } from '../screen-text/screen-lines.js'
import { readScreen, showsText } from '../screen-text/screen-reader.js'
import type { Stage, StageContext } from '../stage.js'
import { toMillis } from '../to-millis.js'
import { skippedAsUndecodable } from '../undecodable.js'

const FRAMES_A_SECOND = 1
/** Frames that may wait while one is read, so that other stages get theirs. */
const WAITING = 12
/** Interval between checkpoints while nothing changes. */
const SAVE_INTERVAL_MS = 2000

/** Checkpoint after a frame. It is valid for the same model pack only, because a result names one pack. */
const checkpointOf = (pack: string) =>
  Type.Object({
    pack: Type.Literal(pack),
    at: Seconds,
    finished: Type.Boolean(),
    watch: WatchState,
    lines: LinesState,
  })
type Checkpoint = Static<ReturnType<typeof checkpointOf>>

/** Reads text in sampled frames where something new stands still, and merges it into lines over time. */
export const text: Stage = {
  name: 'text',
  consumes: { info: 'whole', frames: 'live' },
  produces: ['text'],
  weight: 10,
  models: ['text'],
  loadsFor: ({ video }) => video !== undefined,
  async run(context, signal) {
    const { job } = context
    const { video } = job.info
    if (!video) return { state: 'skipped', reason: 'the file has no picture' }
    const reader = await job.models.text()
    const saved = context.resume(checkpointOf(reader.pack))
    const draft = context.draft('text')
    if (!saved?.finished) {
      await draft.begin()
      const search = new TextSearch({ context, reader, draft, signal }, saved)
      // One frame after another, because what is read depends on what is known.
      const frames = new OrderedWork<VideoFrame, void>({
        limit: WAITING,
        start: async () => undefined,
        take: frame => search.take(frame),
      })
      const sink = {
        ...reader.frameSize(video),
        format: 'yuv420p' as const,
        rate: FRAMES_A_SECOND,
        frame: (frame: VideoFrame) => frames.push(frame),
      }
      const picture = await context.frames(sink, saved?.at ?? 0, signal).finally(() => frames.end())
      if (search.isEmpty && picture.fault) return skippedAsUndecodable(picture.fault)
      await search.finish(toMillis(picture.end ?? job.info.duration))
    }
    await draft.complete()
    return { state: 'completed', model: reader.pack, params: { framesASecond: FRAMES_A_SECOND } }
  },
}

interface SearchScope {
  readonly context: StageContext
  readonly reader: TextReader
  readonly draft: ContentDraft<'text'>
  readonly signal: AbortSignal
}

/** Takes the frames in order and stores lines as they appear and end, each with its checkpoint. */
class TextSearch {
  readonly #watch: PictureWatch
  readonly #lines: ScreenLines
  /** Time of the last frame taken. */
  #at: Seconds | undefined
  #savedAt: number

  constructor(
    private readonly scope: SearchScope,
    saved: Checkpoint | undefined,
  ) {
    this.#watch = new PictureWatch(saved?.watch)
    this.#lines = new ScreenLines(saved?.lines)
    this.#at = saved?.at
    this.#savedAt = scope.context.job.clock.elapsed()
  }

  /** Whether no frame has been taken. */
  get isEmpty(): boolean {
    return this.#at === undefined
  }

  async take(frame: VideoFrame): Promise<void> {
    const { context } = this.scope
    const at = toMillis(frame.at)
    const former = this.#at
    // An earlier attempt took it.
    if (former !== undefined && at <= former) return
    this.#watch.take(edgeGrid(frame), former === undefined)
    const ended = this.#lines.end(at, box => this.#watch.hasChanged(box))
    const read = await this.#read(frame, at, former)
    this.#at = at
    await this.#store([...ended, ...read])
    context.report({ done: at + 1 / FRAMES_A_SECOND, total: context.job.info.duration, unit: 'seconds' })
  }

  /** The last frame is shown until `end`. */
  async finish(end: Seconds): Promise<void> {
    const ended = this.#lines.end(end, () => true)
    if (this.#at !== undefined) await this.scope.draft.add(ended, this.#checkpoint(this.#at, true))
  }

  /** Reads the lines of a frame that are new; gives those that appeared or changed. */
  async #read(frame: VideoFrame, at: Seconds, former: Seconds | undefined): Promise<ScreenText[]> {
    const { context, reader, signal } = this.scope
    const watch = this.#watch
    const lines = this.#lines
    const reason = watch.reasonToLook(at)
    context.count(reason ? 'framesSearched' : 'framesUnchanged')
    if (!reason) return []
    const image = yuv420ToRgb(frame)
    const wants = (box: Box) =>
      (reason === 'restless' || watch.isStill(box)) && (watch.hasChanged(box) || !lines.hasLineAt(box))
    // Where there is text already, small text may appear beside it, which a quick look would miss.
    const isRead = !lines.isEmpty || (await showsText(reader, image, wants, signal))
    if (isRead) context.count('framesRead')
    const read = isRead ? await readScreen(reader, image, wants, signal) : []
    context.count('linesRead', read.length)
    watch.looked(at, read.length > 0 || !lines.isEmpty)
    const until = this.#until(at)
    const still = read.filter(({ box }) => watch.isStill(box)).map(line => ({ ...line, moves: false }))
    const moving = read.filter(({ box }) => !watch.isStill(box)).map(line => ({ ...line, moves: true }))
    // What stands still was there in the frame before.
    return [...lines.add(still, { from: former ?? at, until }), ...lines.add(moving, { from: at, until })]
  }

  /** A frame is shown until the next one is due, or the end. */
  #until(at: Seconds): Seconds {
    return Math.max(at, Math.min(toMillis(at + 1 / FRAMES_A_SECOND), this.scope.context.job.info.duration))
  }

  async #store(changed: readonly ScreenText[]): Promise<void> {
    const now = this.scope.context.job.clock.elapsed()
    if (this.#at === undefined || (changed.length === 0 && now - this.#savedAt < SAVE_INTERVAL_MS)) return
    this.#savedAt = now
    // A line may have ended and come back.
    const last = [...new Map(changed.map(item => [item.index, item])).values()]
    await this.scope.draft.add(last, this.#checkpoint(this.#at, false))
  }

  #checkpoint(at: Seconds, finished: boolean): Checkpoint {
    const { pack } = this.scope.reader
    return { pack, at, finished, watch: this.#watch.state, lines: this.#lines.state }
  }
}
