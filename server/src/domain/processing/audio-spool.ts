import { setTimeout as sleep } from 'node:timers/promises'
import type { Seconds, TimeRange } from '@cuewire/protocol'
import type { ScratchFile, ScratchReader } from '../../storage/blobs.js'

/** Sample rate of the spool file: mono, signed 16-bit little-endian. */
export const SPOOL_RATE = 16_000
const SAMPLE_BYTES = 2
/** Large enough that sending it to a thread is cheap compared with the work on it. */
const CHUNK_SECONDS = 8
const CHUNK_BYTES = CHUNK_SECONDS * SPOOL_RATE * SAMPLE_BYTES
const POLL_MS = 50

/** Reads the audio of a video from the file of the decode pass while it grows. */
export class AudioSpool {
  private constructor(
    private readonly file: ScratchReader,
    private readonly complete: () => boolean,
  ) {}

  /** `complete` says whether the file has reached its end. The caller closes the spool. */
  static async open(sound: Pick<ScratchFile, 'open'>, complete: () => boolean): Promise<AudioSpool> {
    return new AudioSpool(await sound.open(), complete)
  }

  /** The samples in order, at most eight seconds at a time, waiting for those that are still to come. */
  async *follow(signal: AbortSignal): AsyncGenerator<Float32Array> {
    let position = 0
    for (;;) {
      signal.throwIfAborted()
      // Read the flag first: if it is set, the following read gets everything up to the end.
      const complete = this.complete()
      const samples = await this.#read(position, CHUNK_BYTES)
      position += samples.length * SAMPLE_BYTES
      if (samples.length > 0) yield samples
      else if (complete) return
      else await sleep(POLL_MS, undefined, { signal })
    }
  }

  /** The samples of a span that `follow` has already passed. */
  async span(range: TimeRange): Promise<Float32Array> {
    const first = sampleAt(range.start)
    return await this.#read(first * SAMPLE_BYTES, (sampleAt(range.end) - first) * SAMPLE_BYTES)
  }

  /** Waits until the audio reaches a time, or has ended. */
  async reaches(at: Seconds, signal: AbortSignal): Promise<void> {
    const last = Math.max(0, sampleAt(at) - 1)
    for (;;) {
      signal.throwIfAborted()
      const complete = this.complete()
      if (complete || (await this.#read(last * SAMPLE_BYTES, SAMPLE_BYTES)).length > 0) return
      await sleep(POLL_MS, undefined, { signal })
    }
  }

  async close(): Promise<void> {
    await this.file[Symbol.asyncDispose]()
  }

  async #read(position: number, length: number): Promise<Float32Array> {
    const bytes = await this.file.read(position, length)
    const samples = new Float32Array(Math.floor(bytes.length / SAMPLE_BYTES))
    for (let i = 0; i < samples.length; i += 1) samples[i] = bytes.readInt16LE(i * SAMPLE_BYTES) / 32_768
    return samples
  }
}

/** The number of the sample at a time. */
export function sampleAt(at: Seconds): number {
  return Math.max(0, Math.round(at * SPOOL_RATE))
}
