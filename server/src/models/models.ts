import type { Confidence, Detection, Seconds, TimeRange, Word } from '@cuewire/protocol'

export const MODEL_TASKS = ['speech', 'voice-activity', 'objects'] as const
export type ModelTask = (typeof MODEL_TASKS)[number]

/** What stands ready for a task, or why nothing does and the command that mends it. */
export type ModelStatus =
  | { readonly task: ModelTask; readonly state: 'ready'; readonly pack: string }
  | {
      readonly task: ModelTask
      readonly state: 'missing' | 'corrupt'
      readonly pack: string
      readonly reason: string
      readonly command: string
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
  /** Calls to keep under way so that every core has work. */
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
   * before the answer.
   */
  detect(image: RgbImage, signal?: AbortSignal): Promise<Detection[]>
}

export interface SpeechRecogniser {
  readonly pack: string
  /** Calls to keep under way so that every core has work, in batches where that saves time. */
  readonly parallel: number
  /** Longest span it reads well, in seconds. */
  readonly maxSpan: Seconds
  /** Mono samples at 16 kHz, -1..1, which must not change before the answer. */
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
  readonly pack: string
  /** Spans are at most `maxSpan` seconds, cut at the quietest pause. */
  open(options: { readonly maxSpan: Seconds }): VoiceActivityStream
}

/**
 * The models of this machine, run in threads that all users share. What an opening gives is a user of its own, and the
 * users are served fairly: each job opens its own. Opening a model that is not ready throws `model.missing` or
 * `model.corrupt`.
 */
export interface Models {
  status(): Promise<ModelStatus[]>
  objects(): Promise<ObjectDetector>
  speech(): Promise<SpeechRecogniser>
  voiceActivity(): Promise<VoiceActivityDetector>
  /** Ends the threads; calls under way reject. */
  close(): Promise<void>
}
