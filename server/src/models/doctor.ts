import { MODEL_TASKS, type ModelStatus } from './models.js'
import { objectDetector } from './objects.js'
import { openThread } from './open-thread.js'
import type { Pack } from './pack.js'
import type { ModelThread } from './pool.js'
import { DEFAULT_PACKS } from './registry.js'
import { speechRecogniser } from './speech.js'
import { checkPack } from './verify.js'
import { voiceActivityDetector } from './voice-activity.js'

/** What one pack does on this machine, found by running it; or why it does not run. */
export type Diagnosis =
  | (ModelStatus & { readonly state: 'missing' | 'corrupt' })
  | {
      readonly state: 'works'
      readonly pack: string
      /** ONNX Runtime's execution provider. */
      readonly provider: string
      readonly threads: number
      readonly loadMs: number
      /** One run on a tiny input: a black picture, or a second of silence. */
      readonly runMs: number
    }

/** Loads every default pack and runs it once. */
export async function diagnose(options: { readonly dir: string; readonly threads: number }): Promise<Diagnosis[]> {
  const found: Diagnosis[] = []
  // One after the other, so that the times are not of models in each other's way.
  for (const task of MODEL_TASKS) found.push(await diagnosePack(DEFAULT_PACKS[task], options))
  return found
}

async function diagnosePack(
  pack: Pack,
  options: { readonly dir: string; readonly threads: number },
): Promise<Diagnosis> {
  const status = await checkPack(options.dir, pack)
  if (status.state !== 'ready') return status
  const { thread, description } = await openThread(pack, options)
  try {
    const startedAt = performance.now()
    await runOnce(thread, pack)
    return { state: 'works', pack: status.pack, ...description, runMs: performance.now() - startedAt }
  } finally {
    await thread.close()
  }
}

async function runOnce(thread: ModelThread, pack: Pack): Promise<void> {
  const second = new Float32Array(16_000)
  switch (pack.task) {
    case 'objects': {
      await objectDetector(thread, pack).detect({ width: 16, height: 16, data: new Uint8Array(16 * 16 * 3) })
      return
    }
    case 'speech': {
      await speechRecogniser(thread, pack).transcribe(second)
      return
    }
    case 'voice-activity': {
      await voiceActivityDetector(thread, pack).open({ maxSpan: 15 }).push(second)
      return
    }
    default:
      pack.task satisfies never
  }
}
