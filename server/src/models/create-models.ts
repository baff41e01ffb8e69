import { availableParallelism } from 'node:os'
import { AppError } from '../lib/app-error.js'
import { MODEL_TASKS, type Models, type ModelTask } from './models.js'
import { objectDetector } from './objects.js'
import { openThread } from './open-thread.js'
import type { Pack } from './pack.js'
import { packStatus } from './pack-status.js'
import type { ModelThread } from './pool.js'
import { DEFAULT_PACKS } from './registry.js'
import { speechRecogniser } from './speech.js'
import { voiceActivityDetector } from './voice-activity.js'

// More threads than this gain little for models of this size and starve the decoder.
const MAX_THREADS = 8

export interface ModelsOptions {
  /** The models folder. */
  readonly dir: string
  /** Threads one inference may use. @default the cores, at most 8 */
  readonly threads?: number
}

/** The models of a folder, each loaded in a thread of its own when first asked for. */
export function createModels({ dir, threads = defaultThreads() }: ModelsOptions): Models {
  const opened: Promise<ModelThread>[] = []
  let closing: Promise<void> | undefined

  const lazily = <T>(task: ModelTask, facade: (thread: ModelThread, pack: Pack) => T): (() => Promise<T>) => {
    let memo: Promise<T> | undefined
    return async () => {
      if (closing) throw new AppError('server.draining', 'The models are closed.')
      if (!memo) {
        const pack = DEFAULT_PACKS[task]
        const thread = openThread(pack, { dir, threads }).then(loaded => loaded.thread)
        opened.push(thread)
        memo = thread.then(ready => facade(ready, pack))
        // A failed opening is forgotten, so that the next call tries again.
        memo.catch(() => {
          memo = undefined
          opened.splice(opened.indexOf(thread), 1)
        })
      }
      return memo
    }
  }

  const statuses = MODEL_TASKS.map(task => packStatus(dir, DEFAULT_PACKS[task]))
  const close = async () => {
    // What could not be opened has nothing to close, and its caller has the error.
    const threads = await Promise.allSettled(opened)
    await Promise.all(threads.map(result => (result.status === 'fulfilled' ? result.value.close() : undefined)))
  }
  return {
    status: () => Promise.all(statuses.map(status => status())),
    objects: lazily('objects', objectDetector),
    speech: lazily('speech', speechRecogniser),
    voiceActivity: lazily('voice-activity', voiceActivityDetector),
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** Threads for one inference on this machine. */
export function defaultThreads(): number {
  return Math.min(MAX_THREADS, availableParallelism())
}
