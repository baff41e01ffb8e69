import { join } from 'node:path'
import type { CallName, Calls } from './messages.js'
import type { ModelTask } from './models.js'

/** Answers of a loaded model, by call. */
export type Answers = {
  readonly [Name in CallName]?: (params: Calls[Name]['params'], signal: AbortSignal) => Promise<Calls[Name]['result']>
}

/** A model in memory. */
export interface LoadedModel {
  readonly answers: Answers
  release(): Promise<void>
}

/** Loads the model of a task from its pack's folder; ONNX Runtime itself is loaded with the first. */
export async function loadModel(task: ModelTask, dir: string): Promise<LoadedModel> {
  const startedAt = performance.now()
  const { answers, release } = await open(task, dir)
  const loadMs = performance.now() - startedAt
  return { answers: { ...answers, describe: async () => ({ provider: 'cpu', loadMs }) }, release }
}

async function open(task: ModelTask, dir: string): Promise<LoadedModel> {
  switch (task) {
    case 'objects': {
      const { Detector } = await import('./onnx/detector.js')
      const detector = await Detector.open(join(dir, 'centernet.onnx'))
      return { answers: { detect: image => detector.detect(image) }, release: () => detector.release() }
    }
    case 'speech': {
      const { Moonshine } = await import('./onnx/moonshine.js')
      const moonshine = await Moonshine.open(dir)
      return {
        answers: { transcribe: ({ spans }, signal) => moonshine.transcribe(spans, signal) },
        release: () => moonshine.release(),
      }
    }
    case 'voice-activity': {
      const { Vad } = await import('./onnx/vad.js')
      const vad = await Vad.open(join(dir, 'vad.onnx'))
      return {
        answers: { voiceActivity: ({ samples, from }, signal) => vad.run(samples, from, signal) },
        release: () => vad.release(),
      }
    }
    default:
      return task satisfies never
  }
}
