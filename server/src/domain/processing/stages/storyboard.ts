import { Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { AppError, toAppError } from '../../../lib/app-error.js'
import type { VideoFrame } from '../../../media/media-tools.js'
import { makePoster } from '../poster.js'
import type { Stage, StageContext } from '../stage.js'
import { posterScore } from '../storyboard/poster-score.js'
import { sheetOf, timesOf } from '../storyboard/sheet.js'
import { Tiles, TilesState } from '../storyboard/tiles.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Longer side of a tile in pixels. */
const TILE_SIDE = 160
/** The poster is the best picture of the first minute, so that clients get it early. */
const POSTER_SECONDS = 60
/** Interval between checkpoints, which hold all tiles: about a megabyte. */
const SAVE_INTERVAL_MS = 5_000

const Checkpoint = Type.Object({
  at: Seconds,
  tiles: TilesState,
  best: Type.Object({ at: Seconds, score: Type.Number() }),
  hasPoster: Type.Boolean(),
})
type Checkpoint = Static<typeof Checkpoint>

/** Makes the storyboard, small pictures of the whole video for players and consoles, and chooses the poster. */
export const storyboard: Stage = {
  name: 'storyboard',
  consumes: { info: 'whole', frames: 'live' },
  produces: [],
  weight: 1,
  enriches: true,
  async run(context, signal) {
    const { job } = context
    const { video } = job.info
    if (!video) return { state: 'skipped', reason: 'the file has no picture' }
    const size = tileSize(video)
    const drawing = new Drawing(context, signal)
    const sink = { ...size, rate: 1, frame: (frame: VideoFrame) => drawing.take(frame) }
    const picture = await context.frames(sink, drawing.at, signal).finally(() => drawing.settled())
    if (drawing.isEmpty) return picture.fault ? skippedAsUndecodable(picture.fault) : NO_PICTURE
    await drawing.finish(size, picture.end ?? job.info.duration)
    return { state: 'completed', params: { ...size } }
  },
}

const NO_PICTURE = { state: 'skipped', reason: 'no picture of the file could be decoded' } as const

class Drawing {
  readonly #tiles: Tiles
  #at: Seconds
  #best: Checkpoint['best']
  #hasPoster: boolean
  #poster: Promise<void> | undefined
  #savedAt: number

  constructor(
    private readonly context: StageContext,
    private readonly signal: AbortSignal,
  ) {
    const saved = context.resume(Checkpoint)
    this.#tiles = new Tiles(saved?.tiles)
    this.#at = saved?.at ?? 0
    this.#best = saved?.best ?? { at: 0, score: -1 }
    this.#hasPoster = saved?.hasPoster ?? false
    this.#savedAt = context.job.clock.elapsed()
  }

  /** Time of the last picture. */
  get at(): Seconds {
    return this.#at
  }

  get isEmpty(): boolean {
    return this.#tiles.state.tiles.length === 0
  }

  async take(frame: VideoFrame): Promise<void> {
    const { at } = frame
    if (this.#tiles.wants(at)) this.#tiles.add(at, await this.context.job.media.pictures.jpeg(frame))
    this.#at = at
    if (at <= POSTER_SECONDS) {
      const score = posterScore(frame)
      if (score > this.#best.score) this.#best = { at, score }
    } else {
      this.#makePoster()
    }
    const { clock, info } = this.context.job
    this.context.report({ done: at, total: info.duration, unit: 'seconds' })
    if (clock.elapsed() - this.#savedAt >= SAVE_INTERVAL_MS) await this.#save()
  }

  async finish(size: { readonly width: number; readonly height: number }, end: Seconds): Promise<void> {
    const { job, count } = this.context
    this.#makePoster()
    await this.settled()
    const { state } = this.#tiles
    const sheet = await job.media.pictures.sheet(sheetOf(state, size))
    await job.blobs.write({ kind: 'storyboard', id: job.videoId }, sheet)
    await job.blobs.write({ kind: 'storyboardTimes', id: job.videoId }, Buffer.from(timesOf(state, size, end)))
    count('tiles', state.tiles.length)
  }

  /** Waits for the poster. */
  async settled(): Promise<void> {
    await this.#poster
  }

  /** A missing poster is a warning. */
  #makePoster(): void {
    if (this.#hasPoster) return
    this.#hasPoster = true
    this.#poster = makePoster(this.context.job, this.#best.at, this.signal).catch((error: unknown) => {
      if (this.signal.aborted) return
      const { code, message } = toAppError(error)
      this.context.warn(new AppError(code, `There is no poster. ${message}`, { cause: error }))
    })
  }

  async #save(): Promise<void> {
    this.#savedAt = this.context.job.clock.elapsed()
    await this.#poster
    const state: Checkpoint = {
      at: this.#at,
      tiles: this.#tiles.state,
      best: this.#best,
      hasPoster: this.#hasPoster,
    }
    await this.context.save(state)
  }
}

function tileSize({ width, height }: { readonly width: number; readonly height: number }) {
  const scale = TILE_SIDE / Math.max(width, height)
  return { width: Math.max(2, Math.round(width * scale)), height: Math.max(2, Math.round(height * scale)) }
}
