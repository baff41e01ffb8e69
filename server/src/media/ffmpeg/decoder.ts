import type { Readable } from 'node:stream'
import type { Seconds } from '@cuewire/protocol'
import type { DecodePlan, FrameSink } from '../media-tools.js'
import type { RateOption } from './binaries.js'
import { decodeArguments, writtenChannels } from './decode-arguments.js'
import { readNut } from './nut.js'
import type { SoundSource } from './probe-output.js'
import type { ChildExit } from './run-child.js'
import { runReader } from './run-reader.js'
import { writeSound } from './sound-writer.js'

/** The streams one ffmpeg is to decode: the number of the picture, and the sound. */
export interface Streams {
  readonly picture?: number
  readonly sound?: SoundSource
}
export type Kind = keyof Streams

/** Time of the last frame, and how much sound was written; what nothing was decoded of is left out. */
export type Reached = { [K in Kind]?: Seconds }

export interface DecoderOptions {
  readonly ffmpeg: string
  readonly rateOption: RateOption
  readonly threads: number
  readonly file: string
  readonly plan: DecodePlan
  /** Of the file, as far as is known. */
  readonly duration: Seconds
  readonly signal: AbortSignal
}

// Where a file says it is shorter than it is, silence is still written up to here.
const OVERRUN_SECONDS = 60

/** Decodes a file with as many ffmpegs as it takes, one after the other or side by side; no sink is given a frame twice. */
export class Decoder {
  readonly reached: Reached = {}
  readonly #lastFrame = new Map<FrameSink, Seconds>()

  constructor(private readonly options: DecoderOptions) {}

  /**
   * Runs one ffmpeg that writes every output to a pipe of its own.
   *
   * This cannot deadlock as long as no sink waits for another one's frames. ffmpeg writes its outputs in turn and stops at
   * the first pipe that is full. That pipe has its own reader, which waits for nothing but its own sink; so the sink
   * finishes, the pipe drains, and ffmpeg goes on. What the other readers wait for meanwhile is data, not each other.
   * Memory is flat for the same reason: of each output at most a few pipe buffers and one frame are held.
   */
  async run({ picture, sound }: Streams): Promise<ChildExit> {
    const { ffmpeg, rateOption, threads, file, plan, signal } = this.options
    const sinks = picture === undefined ? [] : plan.sinks
    const args = decodeArguments(file, { picture, sinks, sound, from: plan.from ?? 0, rateOption, threads })
    // Progress follows the picture where there is one, as the sound runs ahead of it.
    const progress = (kind: Kind, at: Seconds) => {
      this.reached[kind] = Math.max(at, this.reached[kind] ?? 0)
      if (kind === 'picture' || sinks.length === 0) plan.progress?.(this.reached[kind])
    }
    const { exit } = await runReader(ffmpeg, args, {
      signal,
      pipes: sinks.length + (sound ? 1 : 0),
      read: async pipes => {
        const readers = pipes.map((pipe, index) => {
          const sink = sinks[index]
          if (sink) return this.#readPictures(pipe, sink, at => progress('picture', at))
          return this.#readSound(pipe, sound, written => progress('sound', written))
        })
        await Promise.all(readers)
      },
    })
    return exit
  }

  async #readPictures(pipe: Readable, sink: FrameSink, progress: (at: Seconds) => void): Promise<void> {
    const { width, height, rate } = sink
    // ffmpeg moves a time that is not later than the one before by one tick; two samples are further apart.
    const apart = rate === 'every' ? 0 : 0.5 / rate
    for await (const { at, data } of readNut(pipe, width * height * 3)) {
      if (at <= (this.#lastFrame.get(sink) ?? Number.NEGATIVE_INFINITY) + apart) continue
      this.#lastFrame.set(sink, at)
      await sink.frame({ at, width, height, data })
      progress(at)
    }
  }

  async #readSound(
    pipe: Readable,
    sound: SoundSource | undefined,
    progress: (written: Seconds) => void,
  ): Promise<void> {
    const { plan, duration } = this.options
    await writeSound(pipe, {
      file: plan.audioFile ?? '',
      channels: sound ? writtenChannels(sound) : 1,
      latest: duration + OVERRUN_SECONDS,
      progress,
    })
  }
}
