import { modelsFolder } from '@cuewire/bench/lib/models-folder.js'
import { createModels } from '@cuewire/server/models/create-models.js'
import type { Models } from '@cuewire/server/models/models.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import { DEFAULT_PACKS } from '@cuewire/server/models/registry.js'

/** What the helpers need of a test, or of a whole file of tests. */
interface Scope {
  comment(text: string): void
  teardown(undo: () => Promise<void>): void
}

/** The models folder of this machine, with the default packs in it; pulls those that are not there yet. */
export async function installedModels(t: Pick<Scope, 'comment'>): Promise<string> {
  const dir = modelsFolder()
  await pullPacks(Object.values(DEFAULT_PACKS), {
    dir,
    onProgress: ({ pack, step }) => {
      if (step === 'download') t.comment(`pulling ${pack}`)
    },
  })
  return dir
}

const { speech, objects, sentences } = DEFAULT_PACKS
const DEFAULT_NAMES = { speech: speech.name, objects: objects.name, sentences: sentences.name }

/** The default models of this machine, closed when the test, or the file of tests, ends. */
export async function useModels(t: Scope): Promise<Models> {
  const models = createModels({ dir: await installedModels(t), chosen: DEFAULT_NAMES })
  t.teardown(() => models.close())
  return models
}
