import { CoreScheduler } from './core-scheduler.js'
import type { ModelDescription } from './messages.js'
import { MODEL_TASKS, type ModelStatus, type ModelTask } from './models.js'
import { objectDetector } from './objects.js'
import { DEFAULT_PACKS, defaultPackDirs } from './registry.js'
import { speechRecogniser } from './speech.js'
import { checkPack } from './verify.js'
import { voiceActivityDetector } from './voice-activity.js'
import type { Work } from './work.js'

const IDLE_MS = 60_000

/** The result of running one pack on this machine, or why it does not run. */
export type Diagnosis =
  | (ModelStatus & { readonly state: 'missing' | 'corrupt' })
  | {
      readonly state: 'works'
      readonly pack: string
      /** ONNX Runtime's execution provider. */
      readonly provider: string
      readonly loadMs: number
      /** One run on a tiny input: a black picture, or a second of silence. */
      readonly runMs: number
    }

/** Loads every default pack and runs it once. */
export async function diagnose({ dir }: { readonly dir: string }): Promise<Diagnosis[]> {
  const found: Diagnosis[] = []
  // One at a time, so that the models do not slow each other down.
  for (const task of MODEL_TASKS) found.push(await diagnoseTask(task, dir))
  return found
}

async function diagnoseTask(task: ModelTask, dir: string): Promise<Diagnosis> {
  const status = await checkPack(dir, DEFAULT_PACKS[task])
  if (status.state !== 'ready') return status
  const scheduler = new CoreScheduler({ worker: { dirs: defaultPackDirs(dir) }, cores: 1, idleMs: IDLE_MS })
  try {
    const description = await scheduler.lane(descriptionOf(task)).run(undefined)
    const startedAt = performance.now()
    await runOnce(scheduler, task)
    return { state: 'works', pack: status.pack, ...description, runMs: performance.now() - startedAt }
  } finally {
    await scheduler.close()
  }
}

function descriptionOf(task: ModelTask): Work<undefined, ModelDescription> {
  return {
    task,
    maxBatch: 1,
    slowToLoad: false,
    run: async (thread, _items, signal) => [
      await thread.call<'describe'>({ name: 'describe', params: { task } }, { signal }),
    ],
  }
}

async function runOnce(scheduler: CoreScheduler, task: ModelTask): Promise<void> {
  const second = new Float32Array(16_000)
  const pack = DEFAULT_PACKS[task]
  switch (task) {
    case 'objects': {
      await objectDetector(scheduler, pack).detect({ width: 16, height: 16, data: new Uint8Array(16 * 16 * 3) })
      return
    }
    case 'speech': {
      await speechRecogniser(scheduler, pack).transcribe(second)
      return
    }
    case 'voice-activity': {
      await voiceActivityDetector(scheduler, pack).open({ maxSpan: 15 }).push(second)
      return
    }
    default:
      task satisfies never
  }
}
