import type { Detection } from '@cuewire/protocol'
import type { PatchScores, ReadText, RgbImage, TextRegion, Transcription } from './models.js'
import type { Runtime } from './pack.js'

/** State of a model between two stretches of audio. */
export interface VadState {
  readonly state: Float32Array
  readonly context: Float32Array
}

/** What a thread needs to load a pack, with files already checked. */
export interface PackPlace {
  readonly runtime: Runtime
  readonly dir: string
}

/** Options of a thread: where each pack is, by `name@version`. */
export interface WorkerOptions {
  readonly packs: Readonly<Record<string, PackPlace>>
}

/** How a loaded model runs. */
export interface ModelDescription {
  readonly provider: string
  readonly loadMs: number
}

/** The calls a thread answers. The first call to a pack loads its model. */
export interface Calls {
  describe: { params: Record<never, never>; result: ModelDescription }
  detect: { params: RgbImage; result: Detection[] }
  /** Lines are searched in the image scaled down to at most `maxSide` pixels. */
  findText: { params: { readonly image: RgbImage; readonly maxSide: number }; result: TextRegion[] }
  /** The image is that of one line. */
  readText: { params: RgbImage; result: ReadText }
  transcribe: { params: { readonly spans: readonly Float32Array[] }; result: Transcription[] }
  scoreAudio: { params: { readonly samples: Float32Array }; result: PatchScores[] }
  encodeVoice: { params: { readonly windows: readonly Float32Array[] }; result: Float32Array[] }
  encodeImage: { params: RgbImage; result: Float32Array }
  encodeCaption: { params: { readonly text: string }; result: Float32Array }
  encode: { params: { readonly texts: readonly string[] }; result: Float32Array[] }
  voiceActivity: {
    params: { readonly samples: Float32Array; readonly from: VadState }
    result: { readonly probabilities: Float32Array; readonly next: VadState }
  }
}
export type CallName = keyof Calls

/** A call by name, with the pack (`name@version`) that is to answer it and its parameters. */
export type Call = {
  [Name in CallName]: { readonly name: Name; readonly pack: string; readonly params: Calls[Name]['params'] }
}[CallName]

export type ToWorker =
  | { readonly type: 'call'; readonly id: number; readonly call: Call }
  /** The caller no longer waits; the work may stop. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Unload the model of a pack after earlier calls. The next call loads it again. */
  | { readonly type: 'unload'; readonly pack: string }
  /** Cancel everything, release the models, end the thread. */
  | { readonly type: 'close' }

export type FromWorker =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string }
