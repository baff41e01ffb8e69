import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createModels } from '@cuewire/server/models/create-models.js'
import type { Models } from '@cuewire/server/models/models.js'
import { objectsYoloxNano } from '@cuewire/server/models/packs/objects-yolox-nano.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import { DEFAULT_PACKS } from '@cuewire/server/models/registry.js'
import { packDir } from '@cuewire/server/models/verify.js'
import type { Test } from 'tap'
import { installedModels } from './models.js'
import { sharedModel } from './shared-media.js'
import { testFolder } from './test-folder.js'

/** The file of YOLOX nano, or the reason to skip the tests that need it. */
export const yoloxFile = sharedModel('objects-yolox-nano')

/** A models folder of the test with the default packs, but for YOLOX. */
export async function defaultModelsFolder(t: Test): Promise<string> {
  const installed = await installedModels(t)
  const dir = join(testFolder(t), 'models')
  await mkdir(dir)
  for (const pack of Object.values(DEFAULT_PACKS)) await symlink(packDir(installed, pack), packDir(dir, pack))
  return dir
}

/** Installs YOLOX from the shared folder. */
export async function installYolox(dir: string): Promise<void> {
  await pullPacks([objectsYoloxNano], { dir, mirror: yoloxFile.folder })
}

/** Models of which YOLOX finds the objects, closed with the test. */
export async function useYoloxModels(t: Test): Promise<Models> {
  const dir = await defaultModelsFolder(t)
  await installYolox(dir)
  const models = createModels({ dir })
  t.teardown(() => models.close())
  return models
}
