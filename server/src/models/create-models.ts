import { availableParallelism } from 'node:os'
import { AppError } from '../lib/app-error.js'
import { CoreScheduler } from './core-scheduler.js'
import { MODEL_TASKS, type Models, type ModelTask } from './models.js'
import { objectDetector } from './objects.js'
import type { Pack } from './pack.js'
import { packStatus } from './pack-status.js'
import { DEFAULT_PACKS, defaultPackDirs } from './registry.js'
import { speechRecogniser } from './speech.js'
import { assertReady } from './verify.js'
import { voiceActivityDetector } from './voice-activity.js'

const IDLE_MS = 300_000

export interface ModelsOptions {
  /** The models folder. */
  readonly dir: string
  /** Inferences that run at the same time, each on one core. @default the number of cores */
  readonly threads?: number
  /** Milliseconds after which a model that was not used is unloaded. @default 300,000 */
  readonly idleMs?: number
}

/** The models in a folder. Each is loaded when first opened, and again when used after it was unloaded. */
export function createModels({ dir, threads = availableParallelism(), idleMs = IDLE_MS }: ModelsOptions): Models {
  const scheduler = new CoreScheduler({ worker: { dirs: defaultPackDirs(dir) }, cores: threads, idleMs })
  const statuses = {
    speech: packStatus(dir, DEFAULT_PACKS.speech),
    'voice-activity': packStatus(dir, DEFAULT_PACKS['voice-activity']),
    objects: packStatus(dir, DEFAULT_PACKS.objects),
  }
  let closing: Promise<void> | undefined

  const opener = <T>(task: ModelTask, facade: (scheduler: CoreScheduler, pack: Pack) => T) => {
    return async (): Promise<T> => {
      if (closing) throw new AppError('server.draining', 'The models are closed.')
      // Cheap: files are hashed again only when they have changed.
      assertReady(await statuses[task]())
      scheduler.warm(task)
      return facade(scheduler, DEFAULT_PACKS[task])
    }
  }
  return {
    status: () => Promise.all(MODEL_TASKS.map(task => statuses[task]())),
    objects: opener('objects', objectDetector),
    speech: opener('speech', speechRecogniser),
    voiceActivity: opener('voice-activity', voiceActivityDetector),
    close() {
      closing ??= scheduler.close()
      return closing
    },
  }
}
