import { assert } from '../lib/assert.js'
import type { ModelStatus, ModelTask } from './models.js'
import type { Pack } from './pack.js'
import { packStatus } from './pack-status.js'
import { basicPack, packsFor } from './registry.js'

/** Pack names chosen by the user, by task. Empty or absent: the best installed pack. */
export type ChosenPacks = Readonly<Partial<Record<ModelTask, string>>>

interface PackInUse {
  readonly pack: Pack
  readonly status: ModelStatus
}

/**
 * Returns a function that looks up the current pack of a task: the chosen pack, else the best installed one, else the
 * default one, which is then missing. A corrupt pack is returned too, so that the fault is reported.
 */
export function packChooser(modelsDir: string, task: ModelTask, chosen = ''): () => Promise<PackInUse> {
  const all = packsFor(task).map(pack => ({ pack, status: packStatus(modelsDir, pack) }))
  const wanted = chosen || basicPack(task).name
  const fallback = all.find(({ pack }) => pack.name === wanted)
  assert(fallback, `${chosen} is a pack for ${task}`)
  return async () => {
    for (const { pack, status } of chosen ? [] : all) {
      const found = await status()
      if (found.state !== 'missing') return { pack, status: found }
    }
    return { pack: fallback.pack, status: await fallback.status() }
  }
}

/** What is wrong with a chosen pack name, as text to follow the setting; undefined if it is valid. */
export function choiceFault(task: ModelTask, chosen: string): string | undefined {
  const names = packsFor(task).map(({ name }) => name)
  return chosen === '' || names.includes(chosen) ? undefined : `must be one of ${names.join(', ')}, or empty`
}
