import type { Detection } from '@cuewire/protocol'
import type { ModelTask, RgbImage, Transcription } from './models.js'

/** What a model carries from one stretch of sound to the next. */
export interface VadState {
  readonly state: Float32Array
  readonly context: Float32Array
}

/** What a thread is told when it starts. */
export interface WorkerOptions {
  readonly task: ModelTask
  /** The pack's folder, its files already checked. */
  readonly dir: string
  readonly threads: number
}

/** How a loaded model runs. */
export interface ModelDescription {
  readonly provider: string
  readonly threads: number
  readonly loadMs: number
}

/** The calls a thread answers: `describe` every one, the others those of its task. */
export interface Calls {
  describe: { params: Record<string, never>; result: ModelDescription }
  detect: { params: RgbImage; result: Detection[] }
  transcribe: { params: { readonly samples: Float32Array }; result: Transcription }
  voiceActivity: {
    params: { readonly samples: Float32Array; readonly from: VadState }
    result: { readonly probabilities: Float32Array; readonly next: VadState }
  }
}
export type CallName = keyof Calls

/** A call by name, with its parameters. */
export type Call = { [Name in CallName]: { readonly name: Name; readonly params: Calls[Name]['params'] } }[CallName]

export type ToWorker =
  | { readonly type: 'call'; readonly id: number; readonly call: Call }
  /** The caller no longer waits; the work may stop where it stands. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Cancel everything, release the model, end the thread. */
  | { readonly type: 'close' }

export type FromWorker =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string }
