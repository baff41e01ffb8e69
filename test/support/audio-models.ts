import { createModels } from '@cuewire/server/models/create-models.js'
import type { Models } from '@cuewire/server/models/models.js'
import type { Pack } from '@cuewire/server/models/pack.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import type { Test } from 'tap'
import { sharedModel } from './shared-media.js'

/** The file of YAMNet, or the reason to skip the tests that need it. */
export const yamnetFile = sharedModel('audio-events-yamnet')
/** The file of the voice encoder, or the reason to skip. */
export const speakersFile = sharedModel('speakers-ge2e')

/** Models of which only this pack is installed, in a folder that is made. Closed with the test. */
export async function modelsWithOnly(pack: Pack, dir: string, t: Test): Promise<Models> {
  await pullPacks([pack], { dir, mirror: sharedModel(pack.name).folder })
  const models = createModels({ dir })
  t.teardown(() => models.close())
  return models
}
