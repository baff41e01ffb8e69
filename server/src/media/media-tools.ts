import type { MediaInfo, Seconds, TrackChoice } from '@cuewire/protocol'
import type { AppError } from '../lib/app-error.js'

/** Which tracks of a file to use. */
export interface TrackWishes {
  /** Numbers of tracks that the file has. Where none is named, the likeliest one is used. */
  readonly tracks?: TrackChoice | undefined
  /** Whether speech in a language can be recognised; called with the language tags of the file. */
  readonly reads?: ((language: string) => boolean) | undefined
  /**
   * Listen to the sound tracks, if there are several, so that a silent one or one that cannot be decoded is not used
   * where another can be. What was skipped is in the `warnings`. @default false
   */
  readonly listen?: boolean
}

/**
 * How pixels are stored: packed RGB24, or planar YUV 4:2:0 of limited range. That is half as much, costs less to make, and has
 * the brightness of all pixels first.
 */
export type PixelFormat = 'rgb24' | 'yuv420p'

/** One decoded picture, in the format that its sink asked for, and the decoder's own time. */
export interface VideoFrame {
  readonly at: Seconds
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/**
 * Takes the frames of one output in order; the decoder waits while the promise is pending. A sink must not wait for a frame of
 * another sink of the same pass.
 */
export interface FrameSink {
  /** Picture size in pixels, stretched. */
  readonly width: number
  readonly height: number
  /** @default 'rgb24' */
  readonly format?: PixelFormat
  /** Every frame of the file, or the frame that is shown at each multiple of `1 / rate` seconds from the start of the file. */
  readonly rate: number | 'every'
  /** The buffer of `frame.data` is the sink's to keep. What it throws ends the pass, which rejects with it. */
  frame(frame: VideoFrame): Promise<void> | void
}

/** What to decode of a file. Every output is optional. One ffmpeg yields all frames, and another one the sound, ahead of them. */
export interface DecodePlan {
  /** Skip pictures before this time; one at exactly this time is delivered. Audio is always written from the start. */
  readonly from?: Seconds
  readonly sinks: readonly FrameSink[]
  /** Where to write the sound as 16 kHz mono signed 16-bit little-endian samples, without a header; sample n is at n / 16000 s.
   * A pass that fails leaves a part of it, a file without sound leaves none. */
  readonly audioFile?: string
  /** Media seconds decoded so far; it never falls. */
  readonly progress?: (seconds: Seconds) => void
}

/** Which pictures of a file are wanted, and how large. */
export interface StillsRequest {
  /**
   * Ascending, each once. All that lies between them is decoded, so they should be close together. One before the start or
   * not before the end of the file has no picture.
   */
  readonly times: readonly Seconds[]
  /** Largest width in pixels; a picture is never enlarged. */
  readonly width: number
  /**
   * Takes the JPEG of each time that has a picture, in order, as it comes; the decoder waits while the promise is pending.
   * What it throws ends the work, which rejects with it.
   */
  picture(at: Seconds, jpeg: Uint8Array): Promise<void> | void
}

/** How the picture or the sound of a file came out. */
export interface DecodedStream {
  /** Where it ends; the last frame is shown to the end of the file, unless the rest is damaged. Undefined when nothing could be decoded. */
  readonly end?: Seconds
  /** Why nothing, or not all of it, could be decoded. */
  readonly fault?: AppError
  /** Number of the track in the file. */
  readonly track?: number
  /** Why the tracks tried before it were not used, for each of them. */
  readonly skipped?: readonly AppError[]
}

/** A stream that was not asked for, or that the file does not have, is left out. */
export interface DecodeResult {
  readonly picture?: DecodedStream
  readonly sound?: DecodedStream
  /** How long the file turned out to last. */
  readonly duration: Seconds
}

/** A sheet of small pictures. Sizes and places in pixels. */
export interface Sheet {
  readonly width: number
  readonly height: number
  readonly tiles: readonly { readonly jpeg: Uint8Array; readonly left: number; readonly top: number }[]
}

/** Makes JPEGs. */
export interface PictureTools {
  jpeg(frame: Pick<VideoFrame, 'data' | 'width' | 'height'>): Promise<Uint8Array>
  sheet(sheet: Sheet): Promise<Uint8Array>
}

/** What clients wait for themselves; the rest is done by jobs. */
export type ClientMedia = Pick<MediaTools, 'probe' | 'stills'>

/**
 * Reads media files, and nothing else that they refer to. Problems with the file are reported as AppErrors `media.*`,
 * those of a subtitle stream as `subtitles.invalid`. A program that does not work, or a missing file, is
 * `server.internal`. No message contains the path. When its signal aborts, a call rejects at once with the signal's
 * reason and its child processes are killed.
 */
export interface MediaTools {
  readonly pictures: PictureTools
  /**
   * Probes a file. Throws `media.unreadable`, `media.truncated` or `media.no_streams` if it cannot be read at all. Any
   * other problem is in the `warnings` of its result. Sizes are those of the upright picture.
   */
  probe(file: string, signal?: AbortSignal, wishes?: TrackWishes): Promise<MediaInfo>
  /**
   * Decodes picture and sound independently, as far as possible, from the tracks that `media` names. If one of them yields
   * nothing, the next of its kind is tried, unless it was requested.
   */
  decode(file: string, media: MediaInfo, plan: DecodePlan, signal: AbortSignal): Promise<DecodeResult>
  /**
   * The pictures shown at some times, from one decoder. A time past the last picture shows the last one, until the end
   * of the video.
   */
  stills(file: string, media: MediaInfo, request: StillsRequest, signal?: AbortSignal): Promise<void>
  /** The text of one subtitle stream: a SubStation Alpha script if it is one, otherwise WebVTT. */
  subtitles(file: string, streamIndex: number, signal?: AbortSignal): Promise<string>
}
