import type { Readable } from 'node:stream'
import type { Seconds } from '@cuewire/protocol'
import { yuv420Bytes } from '../../lib/yuv420.js'
import type { DecodePlan, FrameSink } from '../media-tools.js'
import type { RateOption } from './binaries.js'
import { pictureArguments, soundArguments, writtenChannels } from './decode-arguments.js'
import { readNut } from './nut.js'
import type { SoundSource } from './probe-output.js'
import type { ChildExit } from './run-child.js'
import { runReader } from './run-reader.js'
import { writeSound } from './sound-writer.js'

/** The stream one ffmpeg decodes: a video stream by its number, or audio. */
export type Stream = number | SoundSource
export type Kind = 'picture' | 'sound'

/** Time of the last frame and length of the audio written. A kind without output is absent. */
export type Reached = { [K in Kind]?: Seconds }

export interface DecoderOptions {
  readonly ffmpeg: string
  readonly rateOption: RateOption
  readonly threads: number
  readonly file: string
  readonly plan: DecodePlan
  /** Duration of the file, as far as known. */
  readonly duration: Seconds
  readonly signal: AbortSignal
}

// If a file is longer than declared, silence is still written up to this far beyond.
const OVERRUN_SECONDS = 60

/** Decodes a file with as many ffmpeg processes as needed, in sequence or in parallel. No sink gets a frame twice. */
export class Decoder {
  readonly reached: Reached = {}
  readonly #lastFrame = new Map<FrameSink, Seconds>()

  constructor(private readonly options: DecoderOptions) {}

  /** Runs one ffmpeg. */
  async run(stream: Stream): Promise<ChildExit> {
    return await (typeof stream === 'number' ? this.#decodePicture(stream) : this.#decodeSound(stream))
  }

  /**
   * Decodes the picture once; ffmpeg writes each sink's frames to a separate pipe.
   *
   * This cannot deadlock as long as no sink waits for frames of another. ffmpeg writes its outputs in turn and blocks
   * on the first full pipe. That pipe has its own reader, which waits only for its own sink. So the sink finishes, the
   * pipe drains, and ffmpeg continues. Meanwhile the other readers wait for data, not for each other.
   */
  async #decodePicture(picture: number): Promise<ChildExit> {
    const { rateOption, threads, file, plan } = this.options
    const { sinks, from = 0 } = plan
    const args = pictureArguments(file, { picture, sinks, from, rateOption, threads })
    const progress = (at: Seconds) => this.#reach('picture', at)
    return await this.#run(args, sinks.length, async pipes => {
      await Promise.all(
        sinks.map(async (sink, at) => {
          const pipe = pipes[at]
          if (pipe) await this.#readPictures(pipe, sink, progress)
        }),
      )
    })
  }

  async #decodeSound(sound: SoundSource): Promise<ChildExit> {
    const { file, plan, duration } = this.options
    return await this.#run(soundArguments(file, sound), 1, ([pipe]) =>
      writeSound(pipe, {
        file: plan.audioFile ?? '',
        channels: writtenChannels(sound),
        latest: duration + OVERRUN_SECONDS,
        progress: written => this.#reach('sound', written),
      }),
    )
  }

  async #run(
    args: readonly string[],
    pipes: number,
    read: (pipes: readonly [Readable, ...Readable[]]) => Promise<void>,
  ): Promise<ChildExit> {
    const { ffmpeg, signal } = this.options
    const { exit } = await runReader(ffmpeg, args, { signal, pipes, read })
    return exit
  }

  /** Progress follows the video if there is any, because audio runs ahead of it. */
  #reach(kind: Kind, at: Seconds): void {
    const { plan } = this.options
    const reached = Math.max(at, this.reached[kind] ?? 0)
    this.reached[kind] = reached
    if (kind === 'picture' || plan.sinks.length === 0) plan.progress?.(reached)
  }

  async #readPictures(pipe: Readable, sink: FrameSink, progress: (at: Seconds) => void): Promise<void> {
    const { width, height, rate, format } = sink
    const bytes = format === 'yuv420p' ? yuv420Bytes(width, height) : width * height * 3
    // ffmpeg moves a time that is not later than the previous one by one tick; two samples are farther apart.
    const apart = rate === 'every' ? 0 : 0.5 / rate
    for await (const { at, data } of readNut(pipe, bytes)) {
      if (at <= (this.#lastFrame.get(sink) ?? Number.NEGATIVE_INFINITY) + apart) continue
      this.#lastFrame.set(sink, at)
      await sink.frame({ at, width, height, data })
      progress(at)
    }
  }
}
