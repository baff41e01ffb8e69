import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { choiceFault } from '@cuewire/server/models/choose-pack.js'
import { createModels } from '@cuewire/server/models/create-models.js'
import { diagnose } from '@cuewire/server/models/doctor.js'
import type { Models } from '@cuewire/server/models/models.js'
import { objectsYoloxNano } from '@cuewire/server/models/packs/objects-yolox-nano.js'
import { DEFAULT_PACKS } from '@cuewire/server/models/registry.js'
import { packDir } from '@cuewire/server/models/verify.js'
import t, { type Test } from 'tap'
import { testFolder } from '../../support/test-folder.js'
import { defaultModelsFolder, installYolox, yoloxFile } from '../../support/yolox-models.js'

const BLACK = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3) }

function open(t: Test, options: Parameters<typeof createModels>[0]): Models {
  const models = createModels(options)
  t.teardown(() => models.close())
  return models
}

const objectsOf = async (models: Models) => (await models.status()).find(({ task }) => task === 'objects')

t.test('the best pack installed is used, as it changes, and results name it', { skip: yoloxFile.skip }, async t => {
  const dir = await defaultModelsFolder(t)
  const models = open(t, { dir })
  const centernet = open(t, { dir, chosen: { objects: 'objects-centernet' } })
  t.match(await objectsOf(models), { state: 'ready', pack: /^objects-centernet@/ })
  const before = await models.objects()
  t.match(before.pack, /^objects-centernet@/)
  t.same(await before.detect(BLACK), [])

  await installYolox(dir)
  t.match(await objectsOf(models), { state: 'ready', pack: /^objects-yolox-nano@/ })
  const after = await models.objects()
  t.match(after.pack, /^objects-yolox-nano@/)
  t.same(await after.detect(BLACK), [])
  t.same(await before.detect(BLACK), [], 'a job that has begun keeps its pack')
  t.match(await objectsOf(centernet), { state: 'ready', pack: /^objects-centernet@/ }, 'a choice stands')

  const works = (await diagnose({ dir })).map(({ state, pack }) => `${state} ${pack.replace(/@.*/, '')}`)
  t.strictSame(works.slice(2, 4), ['works objects-yolox-nano', 'works objects-centernet'])
  t.strictSame(works.slice(4), ['works sentences-use-lite', 'works text-ppocr-v4'])

  const path = join(packDir(dir, objectsYoloxNano), 'yolox_nano.onnx')
  const bytes = await readFile(path)
  bytes[9] = (bytes[9] ?? 0) ^ 1
  await writeFile(path, bytes)
  const corrupt = { state: 'corrupt', command: 'npm run cuewire -- models pull objects-yolox-nano' }
  t.match(await objectsOf(models), corrupt, 'it is not passed over in silence')
  await t.rejects(models.objects(), { code: 'model.corrupt', message: /right hash; fix it with: .*objects-yolox-nano/ })

  await rm(packDir(dir, objectsYoloxNano), { recursive: true })
  t.match(await objectsOf(models), { state: 'ready', pack: /^objects-centernet@/ })
})

t.test('without any pack the default one is to be installed, or the chosen one', async t => {
  const dir = testFolder(t)
  t.match(await objectsOf(open(t, { dir })), { state: 'missing', command: /pull objects-centernet$/ })
  const chosen = { objects: 'objects-yolox-nano' }
  t.match(await objectsOf(open(t, { dir, chosen })), { state: 'missing', command: /pull objects-yolox-nano$/ })
  t.match((await diagnose({ dir, chosen }))[2], { state: 'missing', pack: /^objects-yolox-nano@/ })
})

t.test('only packs of the task may be chosen', async t => {
  t.equal(choiceFault('objects', ''), undefined)
  t.equal(choiceFault('objects', DEFAULT_PACKS.objects.name), undefined)
  t.equal(
    choiceFault('objects', 'speech-moonshine-base'),
    'must be one of objects-yolox-nano, objects-centernet, or empty',
  )
})
