import { createModels } from '@cuewire/server/models/create-models.js'
import type { Models } from '@cuewire/server/models/models.js'
import { sentencesMinilm } from '@cuewire/server/models/packs/sentences-minilm-l6.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import type { Test } from 'tap'
import { sharedModel } from './shared-media.js'
import { defaultModelsFolder } from './yolox-models.js'

/** The files of MiniLM, or the reason to skip the tests that need them. */
export const minilmFile = sharedModel('sentences-minilm-l6')

/** Models of which MiniLM encodes the sentences, closed with the test. */
export async function useMinilmModels(t: Test): Promise<Models> {
  const dir = await defaultModelsFolder(t)
  await pullPacks([sentencesMinilm], { dir, mirror: minilmFile.folder })
  const models = createModels({ dir })
  t.teardown(() => models.close())
  return models
}
