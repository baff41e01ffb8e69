import type { Detection } from '@cuewire/protocol'
import type { ModelTask, RgbImage, Transcription } from './models.js'

/** State of a model between two stretches of audio. */
export interface VadState {
  readonly state: Float32Array
  readonly context: Float32Array
}

/** Options of a thread: the pack folder for each task, with files already checked. */
export interface WorkerOptions {
  readonly dirs: Readonly<Record<ModelTask, string>>
}

/** How a loaded model runs. */
export interface ModelDescription {
  readonly provider: string
  readonly loadMs: number
}

/** The calls a thread answers. The first call that needs a model loads it. */
export interface Calls {
  describe: { params: { readonly task: ModelTask }; result: ModelDescription }
  detect: { params: RgbImage; result: Detection[] }
  transcribe: { params: { readonly spans: readonly Float32Array[] }; result: Transcription[] }
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
  /** The caller no longer waits; the work may stop. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Unload the model of a task after earlier calls. The next call loads it again. */
  | { readonly type: 'unload'; readonly task: ModelTask }
  /** Cancel everything, release the models, end the thread. */
  | { readonly type: 'close' }

export type FromWorker =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string }

/** The task whose model answers a call. */
export function taskOf(call: Call): ModelTask {
  switch (call.name) {
    case 'describe':
      return call.params.task
    case 'detect':
      return 'objects'
    case 'transcribe':
      return 'speech'
    case 'voiceActivity':
      return 'voice-activity'
    default:
      return call satisfies never
  }
}
