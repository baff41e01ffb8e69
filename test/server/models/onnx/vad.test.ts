import { join } from 'node:path'
import { makeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import { Vad } from '@cuewire/server/models/onnx/vad.js'
import { initialVadState, VAD_CHUNK, VAD_CONTEXT, VAD_STATE_DIMS } from '@cuewire/server/models/onnx/vad-state.js'
import { packId } from '@cuewire/server/models/pack.js'
import { voiceActivitySilero } from '@cuewire/server/models/packs/voice-activity-silero.js'
import { npmPack, unpackFiles } from '@cuewire/server/models/pull/npm.js'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import t from 'tap'
import { installedModels } from '../../../support/models.js'
import { testFolder } from '../../../support/test-folder.js'

t.test('the model made anew gives, for many chunks at once, what the published one gives one by one', async t => {
  const dir = testFolder(t)
  const tarball = await npmPack(voiceActivitySilero.source.npm, dir)
  await unpackFiles(tarball, voiceActivitySilero.source.files, dir)
  const published = await InferenceSession.create(join(dir, 'dist/silero_vad_v5.onnx'), { logSeverityLevel: 3 })
  const vad = await Vad.open(join(await installedModels(t), packId(voiceActivitySilero), 'vad.onnx'))
  t.teardown(() => Promise.all([published.release(), vad.release()]))

  // More chunks than go into one run.
  const { samples } = await makeSpeechClip([
    { text: 'The ship sailed slowly into the harbor before sunrise.', voice: 'slt' },
    { text: 'Water boils in the kettle and the steam lifts the lid.', voice: 'rms', pauseBefore: 3 },
  ])
  const count = Math.floor(samples.length / VAD_CHUNK)
  t.ok(count > 250)
  const found = await vad.run(samples.subarray(0, count * VAD_CHUNK), initialVadState())
  let { state, context } = initialVadState()
  const expected: number[] = []
  for (let chunk = 0; chunk < count; chunk += 1) {
    const input = new Float32Array(VAD_CONTEXT + VAD_CHUNK)
    input.set(context)
    input.set(samples.subarray(chunk * VAD_CHUNK, (chunk + 1) * VAD_CHUNK), VAD_CONTEXT)
    const outputs = await published.run({
      input: new Tensor('float32', input, [1, input.length]),
      state: new Tensor('float32', state, VAD_STATE_DIMS),
      sr: new Tensor('int64', BigInt64Array.of(16_000n), []),
    })
    expected.push(Number(outputs['output']?.data[0]))
    state = outputs['stateN']?.data as Float32Array
    context = input.slice(VAD_CHUNK)
  }
  const worst = Math.max(...expected.map((value, chunk) => Math.abs(value - (found.probabilities[chunk] ?? 9))))
  t.ok(worst < 1e-4, `probabilities differ by at most ${worst}`)
  t.ok(Math.max(...expected) > 0.9 && Math.min(...expected) < 0.1, 'there is speech and silence in it')
})
