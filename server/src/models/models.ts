import type { Confidence, Detection, Seconds, TimeRange, Word } from '@cuewire/protocol'

import { cuewireCommand } from '../lib/cuewire-command.js'

export const MODEL_TASKS = ['speech', 'voice-activity', 'objects'] as const
export type ModelTask = (typeof MODEL_TASKS)[number]

/** The pack that is ready for a task, or why none is and the command that mends it. */
export type ModelStatus =
  | { readonly task: ModelTask; readonly state: 'ready'; readonly pack: string }
  | {
      readonly task: ModelTask
      readonly state: 'missing' | 'corrupt'
      readonly pack: string
      readonly reason: string
      readonly command: string
    }

/** The command that installs packs, or installs them anew; each as `name@version`. */
export function pullCommand(packs: readonly string[]): string {
  return cuewireCommand(['models pull', ...packs.map(pack => pack.replace(/@.*/, ''))].join(' '))
}

/** Packed RGB, 3 bytes a pixel, rows from the top, no padding. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export interface Transcription {
  readonly text: string
  /** Times are seconds from the start of the samples given. */
  readonly words: readonly Word[]
  /** Mean probability of the tokens. */
  readonly confidence: Confidence
  /** The text is a loop ("and and and ..."), a usual sign of a hallucination. */
  readonly repeats: boolean
}

export interface ObjectDetector {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /** Calls to keep under way so that every core has work: at least one. */
  readonly parallel: number
  /** The largest image it takes, in pixels. */
  readonly input: { readonly width: number; readonly height: number }
  /** The size to scale a picture of this size to before detection; the picture is stretched to it, nothing is padded. */
  frameSize(picture: { readonly width: number; readonly height: number }): {
    readonly width: number
    readonly height: number
  }
  /**
   * COCO objects above the pack's threshold, best first, with boxes in fractions of the image. The image must not change
   * before the answer, and is not changed. One larger than `input`, or whose data does not fit its size, is a `RangeError`.
   */
  detect(image: RgbImage, signal?: AbortSignal): Promise<Detection[]>
}

export interface SpeechRecogniser {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /** Calls to keep under way so that every core has work, in batches where that saves time: at least one. */
  readonly parallel: number
  /** Longest span it reads well, in seconds. */
  readonly maxSpan: Seconds
  /**
   * Mono samples at 16 kHz, -1..1, which must not change before the answer, and are not changed. No samples, or more than a
   * minute of them, are a `RangeError`.
   */
  transcribe(samples: Float32Array, signal?: AbortSignal): Promise<Transcription>
}

/** Finds speech in a stream of samples; memory does not grow with its length. */
export interface VoiceActivityStream {
  /**
   * Takes the next samples, mono at 16 kHz; returns spans that ended since, in seconds from the start of the stream.
   * Pushes must not overlap; one that failed or was aborted changed nothing and may be made again.
   */
  push(samples: Float32Array, signal?: AbortSignal): Promise<TimeRange[]>
  /** The span still open at the end, if any. */
  finish(signal?: AbortSignal): Promise<TimeRange[]>
}

export interface VoiceActivityDetector {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /** Spans are in order and apart, at most `maxSpan` seconds long, cut at the quietest pause. */
  open(options: { readonly maxSpan: Seconds }): VoiceActivityStream
}

/**
 * The models of this machine, run in threads that all users share. What an opening gives is a user of its own, and the
 * users are served fairly: each job opens its own. Calls may overlap, except those of a stream. When its signal aborts, a
 * call rejects at once with the signal's reason, and the model goes on.
 */
export interface Models {
  /** One for each of `MODEL_TASKS`, as it is now: a pack that was installed meanwhile is ready. */
  status(): Promise<ModelStatus[]>
  /**
   * Opening a model that is not ready rejects with `model.missing` or `model.corrupt`, and the reason and the command of its
   * status in the message. It may be opened later, once it is ready.
   */
  objects(): Promise<ObjectDetector>
  speech(): Promise<SpeechRecogniser>
  voiceActivity(): Promise<VoiceActivityDetector>
  /**
   * Ends the threads. Calls under way reject with `stage.failed`, as do later ones; opening a model that was ready rejects
   * with `server.draining`. Closing again is the same.
   */
  close(): Promise<void>
}
