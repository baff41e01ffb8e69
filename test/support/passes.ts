import { readFile } from 'node:fs/promises'
import type { MediaInfo } from '@cuewire/protocol'
import type { DecodeResult, FrameSink, MediaTools, VideoFrame } from '@cuewire/server/media/media-tools.js'

/** What a pass over a file gave. */
export interface PassOutcome extends DecodeResult {
  readonly media: MediaInfo
  /** Frames of a sink that gets every frame, and of one that gets the picture shown at each second. */
  readonly every: readonly VideoFrame[]
  readonly sampled: readonly VideoFrame[]
  /** Undefined when no file was written. */
  readonly samples: Int16Array | undefined
}

export interface PassOptions {
  /** Where the sound goes. */
  readonly audioFile: string
  readonly from?: number
  /** What is known of the file, unless probed. */
  readonly media?: MediaInfo
}

/** Decodes all of a file as a job does: every frame small, one picture a second, and the sound. */
export async function pass(tools: MediaTools, file: string, options: PassOptions): Promise<PassOutcome> {
  const { audioFile, from, media = await tools.probe(file) } = options
  const [every, sampled] = [collect('every', 16, 9), collect(1, 32, 32)]
  const plan = { sinks: [every.sink, sampled.sink], audioFile, ...(from !== undefined && { from }) }
  const result = await tools.decode(file, media, plan, new AbortController().signal)
  const bytes = await readFile(audioFile).catch(() => undefined)
  const samples = bytes && new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  return { ...result, media, every: every.frames, sampled: sampled.frames, samples }
}

function collect(rate: FrameSink['rate'], width: number, height: number) {
  const frames: VideoFrame[] = []
  const sink: FrameSink = { width, height, rate, frame: frame => void frames.push(frame) }
  return { sink, frames }
}

/** Times of frames, to the millisecond. */
export const timesOf = (frames: readonly VideoFrame[]): number[] => frames.map(({ at }) => Math.round(at * 1000) / 1000)

/** Which of red, green and blue is strongest in the middle of a frame. */
export function colourOf({ data, width, height }: VideoFrame): 'red' | 'green' | 'blue' {
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3
  const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3)
  return red > green && red > blue ? 'red' : green > blue ? 'green' : 'blue'
}

/** Seconds of sound, and from when on it can be heard. */
export function soundOf(samples: Int16Array | undefined): { readonly seconds: number; readonly heardFrom: number } {
  const first = samples?.findIndex(sample => Math.abs(sample) > 500) ?? -1
  return { seconds: (samples?.length ?? 0) / 16_000, heardFrom: first / 16_000 }
}
