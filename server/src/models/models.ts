import type { Box, Confidence, Detection, Seconds, TimeRange, Word } from '@cuewire/protocol'

import { cuewireCommand } from '../lib/cuewire-command.js'

/** Tasks with a default pack. */
export const MODEL_TASKS = ['speech', 'voice-activity', 'objects', 'sentences', 'text'] as const
/** Tasks without a default pack. The server is ready without them. */
export const EXTRA_TASKS = ['audio-events', 'speakers', 'image-text'] as const
export const ALL_TASKS = [...MODEL_TASKS, ...EXTRA_TASKS] as const
export type ModelTask = (typeof ALL_TASKS)[number]

/** The ready pack for a task, or why it is not ready and the command that fixes it. */
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
  /** Mean confidence of the words that do not just repeat earlier ones: low where the model did not understand. */
  readonly evidence: Confidence
  /** The text is a loop ("and and and ..."), a usual sign of a hallucination. */
  readonly repeats: boolean
  /** The language that the model found (ISO 639-1). */
  readonly language?: string
}

export interface ObjectDetector {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /** Calls to keep in progress so that every core is busy; at least one. */
  readonly parallel: number
  /**
   * The labels that were right at least nine times in ten in our measurements, each from this mean score on. No score of
   * another label can be trusted.
   */
  readonly reliableFrom: Readonly<Record<string, Confidence>>
  /** The largest image it takes, in pixels. */
  readonly input: { readonly width: number; readonly height: number }
  /** The size to scale a picture of this size to before detection; the picture is stretched to it, nothing is padded. */
  frameSize(picture: { readonly width: number; readonly height: number }): {
    readonly width: number
    readonly height: number
  }
  /**
   * COCO objects above the pack's threshold, best first, with boxes in fractions of the image. The image is not
   * modified and must not change before the result. Throws a `RangeError` if it is larger than `input` or its data does
   * not fit its size.
   */
  detect(image: RgbImage, signal?: AbortSignal): Promise<Detection[]>
}

/** A place in a picture that looks like a line of text. */
export interface TextRegion {
  /** In fractions of the picture. */
  readonly box: Box
  readonly confidence: Confidence
}

export interface ReadText {
  /** Empty if nothing can be read. */
  readonly text: string
  /** Mean probability of the characters. */
  readonly confidence: Confidence
}

export interface TextReader {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /** The largest image it takes, in pixels. */
  readonly input: { readonly width: number; readonly height: number }
  /** The size to scale a picture of this size to before it is read; the aspect stays, and nothing is enlarged. */
  frameSize(picture: { readonly width: number; readonly height: number }): {
    readonly width: number
    readonly height: number
  }
  /**
   * Finds lines of upright text, in any order. `glance` is several times faster and finds large text only. The image
   * is not modified and must not change before the result. Throws a `RangeError` if it is larger than `input` or its
   * data does not fit its size.
   */
  find(image: RgbImage, options: { readonly glance: boolean }, signal?: AbortSignal): Promise<TextRegion[]>
  /** Reads the line of text in a box of the image, in fractions of it. Conditions on the image are those of `find`. */
  read(image: RgbImage, box: Box, signal?: AbortSignal): Promise<ReadText>
}

export interface SpeechRecogniser {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /** Calls to keep in progress so that every core is busy, in batches where that saves time; at least one. */
  readonly parallel: number
  /** Longest span it reads well, in seconds. */
  readonly maxSpan: Seconds
  /** The only language it reads (ISO 639-1); undefined if it finds the language of each span. */
  readonly language: string | undefined
  /**
   * Transcribes mono samples at 16 kHz, -1..1. They are not modified and must not change before the result. Throws a
   * `RangeError` for no samples, or for more than a minute.
   */
  transcribe(samples: Float32Array, signal?: AbortSignal): Promise<Transcription>
}

/** Finds speech in a stream of samples; memory does not grow with its length. */
export interface VoiceActivityStream {
  /**
   * Takes the next samples, mono at 16 kHz, and returns the spans that have ended since, in seconds from the start of
   * the stream. Pushes must not overlap. A failed or aborted push has no effect and may be repeated.
   */
  push(samples: Float32Array, signal?: AbortSignal): Promise<TimeRange[]>
  /** The span still open at the end, if any. */
  finish(signal?: AbortSignal): Promise<TimeRange[]>
}

export interface VoiceActivityDetector {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /**
   * Spans are in order, do not overlap, and have at most `maxSpan` seconds; longer speech is cut at the quietest pause.
   */
  open(options: { readonly maxSpan: Seconds }): VoiceActivityStream
}

export interface SentenceEncoder {
  /**
   * Pack that does the work, `name@version`. It also names the embedding space: only vectors of the same pack may be
   * compared.
   */
  readonly pack: string
  /** Calls to keep in progress so that every core is busy, in batches where that saves time; at least one. */
  readonly parallel: number
  /**
   * The vector of a sentence, of length 1; the cosine of two tells how alike their meanings are. Only the beginning of
   * a text of more than about a hundred words counts.
   */
  encode(text: string, signal?: AbortSignal): Promise<Float32Array>
}

/** A sound other than speech and music, such as `applause`, and its score, 0..1. */
export interface ScoredSound {
  readonly label: string
  readonly score: Confidence
}

/** What is heard within one patch of sound. Scores do not exclude each other. */
export interface PatchScores {
  readonly speech: Confidence
  readonly music: Confidence
  /** Sounds with a score of at least 0.1. */
  readonly sounds: readonly ScoredSound[]
}

export interface AudioEventDetector {
  /** Pack that does the work, `name@version`. */
  readonly pack: string
  /** Samples that a patch reaches over, and from the start of one patch to the next. */
  readonly patch: { readonly samples: number; readonly step: number }
  /**
   * Scores each whole patch of mono samples at 16 kHz, -1..1, in order. They are not modified and must not change before
   * the result. Throws a `RangeError` for more than a minute.
   */
  score(samples: Float32Array, signal?: AbortSignal): Promise<PatchScores[]>
}

export interface VoiceEncoder {
  /** Pack that does the work, `name@version`. Only vectors of the same pack may be compared. */
  readonly pack: string
  /** Samples of a window. */
  readonly window: number
  /**
   * The vector of the voice in a window of mono samples at 16 kHz, of length 1; the cosine of two tells how alike the
   * voices are. Quiet samples are raised first. They are not modified and must not change before the result. Throws a
   * `RangeError` for another number of samples.
   */
  encode(samples: Float32Array, signal?: AbortSignal): Promise<Float32Array>
}

export interface ImageTextEncoder {
  /**
   * Pack that does the work, `name@version`. It also names the embedding space: only vectors of the same pack may be
   * compared.
   */
  readonly pack: string
  /** Pictures to keep in progress so that every core is busy; at least one. */
  readonly parallel: number
  /** The size to stretch a picture to before it is encoded, in pixels. */
  readonly input: { readonly width: number; readonly height: number }
  /**
   * The vector of a picture, of length 1; its cosine with the vector of a text tells how well the text describes the
   * picture. The image is not modified and must not change before the result. Throws a `RangeError` if it is not of the
   * size `input`, or its data does not fit its size.
   */
  encodeImage(image: RgbImage, signal?: AbortSignal): Promise<Float32Array>
  /**
   * The vector of a text, of length 1, or zeros if the model knows none of its words. Only the beginning of a text of more
   * than about fifty words counts.
   */
  encodeText(text: string, signal?: AbortSignal): Promise<Float32Array>
}

/**
 * The models of this machine, run in threads shared by all users. Each opened model is a separate user, and users are
 * served fairly, so each job opens its own. Calls may overlap, except those of one stream. When its signal aborts, a
 * call rejects at once with the signal's reason; the model itself keeps running.
 */
export interface Models {
  /** The current status for each of `ALL_TASKS`. A pack installed meanwhile is ready. */
  status(): Promise<ModelStatus[]>
  /**
   * Opens a model. Rejects with `model.missing` or `model.corrupt` if it is not ready; the message has the reason and
   * the command of its status. It may be opened later, once it is ready.
   */
  objects(): Promise<ObjectDetector>
  speech(): Promise<SpeechRecogniser>
  voiceActivity(): Promise<VoiceActivityDetector>
  sentences(): Promise<SentenceEncoder>
  text(): Promise<TextReader>
  audioEvents(): Promise<AudioEventDetector>
  speakers(): Promise<VoiceEncoder>
  imageText(): Promise<ImageTextEncoder>
  /**
   * Terminates the threads. Running and later calls reject with `stage.failed`; opening a model that was ready rejects
   * with `server.draining`. Safe to call again.
   */
  close(): Promise<void>
}
