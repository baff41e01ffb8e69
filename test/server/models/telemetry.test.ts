import { readdir } from 'node:fs/promises'
import t from 'tap'
import { installedModels } from '../../support/models.js'
import { runCuewire } from '../../support/run-cuewire.js'
import { testFolder } from '../../support/test-folder.js'

t.test('ONNX Runtime collects nothing to send while the models run', async t => {
  const modelsDir = await installedModels(t)
  const home = testFolder(t)
  const settings = { CUEWIRE_MODELS_DIR: modelsDir, HOME: home, XDG_CACHE_HOME: `${home}/cache` }
  const { code, stdout } = await runCuewire(['doctor'], settings)
  t.equal(code, 0, stdout)
  t.same(await readdir(home, { recursive: true }), [], 'no device id and no store of events')
})
