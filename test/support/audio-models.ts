import { join } from 'node:path'
import { createModels } from '@cuewire/server/models/create-models.js'
import type { Models } from '@cuewire/server/models/models.js'
import { audioEventsYamnet } from '@cuewire/server/models/packs/audio-events-yamnet.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import type { Test } from 'tap'
import { sharedModel } from './shared-media.js'
import { testFolder } from './test-folder.js'

/** The file of YAMNet, or the reason to skip the tests that need it. */
export const yamnetFile = sharedModel('audio-events-yamnet')

/** Models of which only YAMNet is installed, closed with the test. */
export async function useYamnetModels(t: Test): Promise<Models> {
  const dir = join(testFolder(t), 'models')
  await pullPacks([audioEventsYamnet], { dir, mirror: yamnetFile.folder })
  const models = createModels({ dir })
  t.teardown(() => models.close())
  return models
}
