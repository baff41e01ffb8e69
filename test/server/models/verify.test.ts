import { objectsYoloxNano } from '@cuewire/server/models/packs/objects-yolox-nano.js'
import { speakersGe2e } from '@cuewire/server/models/packs/speakers-ge2e.js'
import { checkPack } from '@cuewire/server/models/verify.js'
import t from 'tap'
import { testFolder } from '../../support/test-folder.js'

t.test('a missing pack comes with a command that can install it', async t => {
  const dir = testFolder(t)
  t.match(await checkPack(dir, objectsYoloxNano), { state: 'missing', command: /models pull objects-yolox-nano$/ })
  t.match(
    await checkPack(dir, speakersGe2e),
    { state: 'missing', command: /models pull speakers-ge2e --from <folder>$/ },
    'from a folder, where no public repository has its files',
  )
})
