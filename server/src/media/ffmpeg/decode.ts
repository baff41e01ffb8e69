import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { MediaInfo, Seconds } from '@cuewire/protocol'
import { AppError, isDiskFull } from '../../lib/app-error.js'
import type { DecodePlan, DecodeResult, FrameSink } from '../media-tools.js'
import type { Binaries } from './binaries.js'
import { checkEnd } from './check-end.js'
import { AUDIO_BYTES_PER_SECOND, decodeArguments } from './decode-arguments.js'
import { unreadable } from './failure.js'
import { readNut } from './nut.js'
import { runChild } from './run-child.js'

// Sound that runs on this long past the end of the file has broken time stamps, and would fill the disk with silence.
const AUDIO_OVERRUN_SECONDS = 60

/** A file to decode and what to make of it. */
export interface DecodeRequest {
  readonly file: string
  readonly media: MediaInfo
  readonly plan: DecodePlan
}

/**
 * One pass over a file: one ffmpeg writes every output to a pipe of its own.
 *
 * This cannot deadlock as long as no sink waits for another one's frames. ffmpeg writes its outputs in turn and stops at
 * the first pipe that is full. That pipe has its own reader, which waits for nothing but its own sink; so the sink
 * finishes, the pipe drains, and ffmpeg goes on. What the other readers wait for meanwhile is data, not each other.
 * Memory is flat for the same reason: of each output at most a few pipe buffers and one frame are held.
 */
export async function decode(binaries: Binaries, request: DecodeRequest, signal: AbortSignal): Promise<DecodeResult> {
  const { file, media, plan } = request
  const sinks = media.video ? plan.sinks : []
  const audioFile = media.audio ? plan.audioFile : undefined
  const tally = new Tally(plan, sinks.length > 0)
  if (sinks.length === 0 && audioFile === undefined) return tally.result()

  const args = decodeArguments(file, { sinks, audio: audioFile !== undefined, from: plan.from ?? 0 })
  const { exit } = await runChild(binaries.ffmpeg, args, {
    signal,
    pipes: sinks.length + (audioFile === undefined ? 0 : 1),
    read: async pipes => {
      const readers = pipes.map((pipe, index) => {
        const sink = sinks[index]
        if (sink) return readPictures(pipe, sink, tally)
        return readSound(pipe, { audioFile: audioFile ?? '', tally, duration: media.duration })
      })
      await Promise.all(readers)
    },
  })
  if (exit.code !== 0) throw unreadable(exit, file)
  const decoded = { video: sinks.length > 0, audio: audioFile !== undefined, reached: tally.reached }
  await checkEnd(binaries.ffprobe, { file, media, decoded }, signal)
  return tally.result()
}

/** Counts what came out of a pass. */
class Tally {
  #lastFrame: Seconds | undefined
  #frames = 0
  #audioBytes = 0
  #reached: Seconds

  constructor(
    readonly plan: DecodePlan,
    /** Progress follows the picture where there is one, as the sound runs ahead of it. */
    readonly followsPicture: boolean,
  ) {
    this.#reached = plan.from ?? 0
  }

  /** How far the file was read, as far as the outputs tell. */
  get reached(): Seconds {
    return Math.max(this.#reached, this.#audioSeconds)
  }

  get #audioSeconds(): Seconds {
    return this.#audioBytes / AUDIO_BYTES_PER_SECOND
  }

  picture(at: Seconds, rate: FrameSink['rate']): void {
    this.#frames += 1
    this.#lastFrame = Math.max(at, this.#lastFrame ?? 0)
    this.#reached = Math.max(this.#reached, at + (rate === 'every' ? 0 : 1 / rate))
    this.plan.progress?.(this.#lastFrame)
  }

  sound(bytes: number): Seconds {
    this.#audioBytes += bytes
    if (!this.followsPicture) this.plan.progress?.(this.#audioSeconds)
    return this.#audioSeconds
  }

  result(): DecodeResult {
    const lastFrame = this.#lastFrame
    return { ...(lastFrame !== undefined && { lastFrame }), frames: this.#frames, audioSeconds: this.#audioSeconds }
  }
}

async function readPictures(pipe: Readable, sink: FrameSink, tally: Tally): Promise<void> {
  const { width, height, rate } = sink
  for await (const { at, data } of readNut(pipe, width * height * 3)) {
    await sink.frame({ at, width, height, data })
    tally.picture(at, rate)
  }
}

interface SoundTarget {
  readonly audioFile: string
  readonly tally: Tally
  readonly duration: Seconds
}

async function readSound(pipe: Readable, { audioFile, tally, duration }: SoundTarget): Promise<void> {
  async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const samples of source) {
      if (tally.sound(samples.length) > duration + AUDIO_OVERRUN_SECONDS) {
        throw new AppError(
          'media.unreadable',
          'The sound runs on past the end of the file; its time stamps are damaged.',
        )
      }
      yield samples
    }
  }
  try {
    await pipeline(pipe, counted, createWriteStream(audioFile))
  } catch (cause) {
    if (isDiskFull(cause)) {
      throw new AppError('server.disk_full', 'There is no room left to write the sound.', { cause })
    }
    throw cause
  }
}
