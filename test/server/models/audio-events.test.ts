import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diagnose } from '@cuewire/server/models/doctor.js'
import type { PatchScores } from '@cuewire/server/models/models.js'
import { audioEventsYamnet } from '@cuewire/server/models/packs/audio-events-yamnet.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import { checkPack } from '@cuewire/server/models/verify.js'
import t from 'tap'
import { modelsWithOnly, yamnetFile } from '../../support/audio-models.js'
import { FakeHub } from '../../support/hub.js'
import { testFolder } from '../../support/test-folder.js'
import { variedSound } from '../../support/varied-sound.js'

const RATE = 16_000
const { skip } = yamnetFile

t.test('YAMNet tells speech, music and rain apart', { skip }, async t => {
  const detector = await (await modelsWithOnly(audioEventsYamnet, testFolder(t), t)).audioEvents()
  t.equal(detector.pack, 'audio-events-yamnet@1.0.0')
  const { samples, parts } = await variedSound()
  let start = 0
  const scores = new Map<string, PatchScores[]>()
  for (const { type, end } of parts) {
    scores.set(type, await detector.score(samples.slice(start * RATE, end * RATE)))
    start = end
  }
  const mean = (type: string, of: (patch: PatchScores) => number) => {
    const patches = scores.get(type) ?? []
    return patches.reduce((sum, patch) => sum + of(patch), 0) / patches.length
  }
  t.ok(mean('speech', ({ speech }) => speech) > 0.6 && mean('speech', ({ music }) => music) < 0.3)
  t.ok(mean('music', ({ music }) => music) > 0.6 && mean('music', ({ speech }) => speech) < 0.2)
  t.ok(mean('other', ({ speech, music }) => Math.max(speech, music)) < 0.3)

  t.equal((await detector.score(new Float32Array(detector.patch.samples - 1))).length, 0, 'a patch is whole')
  t.equal((await detector.score(new Float32Array(detector.patch.samples + detector.patch.step))).length, 2)
  await t.rejects(detector.score(new Float32Array(61 * RATE)), { name: 'RangeError' })
  await t.rejects(detector.score(samples, AbortSignal.abort(new Error('enough'))), { message: 'enough' })
})

t.test('YAMNet comes from a hub, and doctor runs it', { skip }, async t => {
  const path = 'yamnet_int8w.onnx'
  const content = await readFile(join(yamnetFile.folder, audioEventsYamnet.name, path))
  const hub = await FakeHub.open(t, [{ path, content, lfs: true }], audioEventsYamnet.source.hub)
  const dir = testFolder(t)
  await pullPacks([audioEventsYamnet], { dir, hub: { url: hub.url, token: '' } })
  t.match(await checkPack(dir, audioEventsYamnet), { state: 'ready' })
  const found = (await diagnose({ dir })).find(({ pack }) => pack === 'audio-events-yamnet@1.0.0')
  t.match(found, { state: 'works', provider: 'cpu' })
})
