import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { voiceActivitySilero as pack } from '@cuewire/server/models/packs/voice-activity-silero.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import { removePack } from '@cuewire/server/models/pull/remove.js'
import { packDir } from '@cuewire/server/models/verify.js'
import t from 'tap'
import { installedModels } from '../../../support/models.js'
import { testFolder } from '../../../support/test-folder.js'

t.test('a pack is removed with what a download has left, and others stay', async t => {
  const dir = testFolder(t, { 'other-pack@1.0.0': {} })
  await pullPacks([pack], { dir, mirror: await installedModels(t) })
  await mkdir(`${join(dir, `.${pack.name}`)}@${pack.version}.partial`)
  t.equal(await removePack(dir, pack), true)
  t.same(await readdir(dir), ['other-pack@1.0.0'])
  t.equal(await removePack(dir, pack), false, 'it is not there any more')
  t.equal(await removePack(packDir(dir, pack), pack), false, 'nor is a folder that does not exist')
})
