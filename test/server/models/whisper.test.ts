import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { speak } from '@cuewire/bench/sample/speak.js'
import { decodeWav } from '@cuewire/bench/sample/wav.js'
import { createModels } from '@cuewire/server/models/create-models.js'
import { speechWhisperBase } from '@cuewire/server/models/packs/speech-whisper-base.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import { DEFAULT_PACKS } from '@cuewire/server/models/registry.js'
import { packDir } from '@cuewire/server/models/verify.js'
import t from 'tap'
import { installedModels } from '../../support/models.js'
import { useBench } from '../../support/processing.js'
import { sharedCase, sharedMedia, sharedModel } from '../../support/shared-media.js'
import { testFolder } from '../../support/test-folder.js'
import { wordErrorRate } from '../../support/word-errors.js'

const { skip, folder } = sharedModel('speech-whisper-base')
const dir = join(testFolder(t), 'models')
if (!skip) await install()
const models = createModels({ dir })
t.teardown(() => models.close())

/** The default models and Whisper. */
async function install(): Promise<void> {
  const installed = await installedModels(t)
  await mkdir(dir)
  for (const pack of Object.values(DEFAULT_PACKS)) await symlink(packDir(installed, pack), packDir(dir, pack))
  await pullPacks([speechWhisperBase], { dir, mirror: folder })
}

t.test('Whisper is used where it is installed, and reads English with word times', { skip }, async t => {
  const recogniser = await models.speech()
  t.equal(recogniser.pack, 'speech-whisper-base@1.0.0')
  const text = 'A slowly moving river of ice is called a glacier.'
  const { samples } = await speak(text, 'slt')
  const heard = await recogniser.transcribe(samples)
  t.equal(heard.language, 'en')
  t.equal(wordErrorRate(text, heard.text), 0, heard.text)
  const starts = heard.words.map(({ start }) => start)
  t.same(
    starts,
    starts.toSorted((a, b) => a - b),
  )
  t.ok(heard.words.every(({ start, end }) => start < end && end <= samples.length / 16_000))

  const [file = ''] = sharedMedia('jfk.wav').paths
  t.test('and a real recording', { skip: sharedMedia('jfk.wav').skip }, async t => {
    const speech = decodeWav(await readFile(file))
    const { text, words } = await recogniser.transcribe(speech.samples)
    t.equal(
      wordErrorRate(
        'And so my fellow Americans ask not what your country can do for you ask what you can do for your country',
        text,
      ),
      0,
    )
    // Spoken at 0.3, 8.2 and 10.4 s.
    t.match(
      words.map(({ start }) => Math.round(start)),
      { 0: 0, 14: 8, 21: 10 },
    )
  })
})

t.test('nothing is heard in silence, noise and tones', { skip }, async t => {
  const recogniser = await models.speech()
  const sounds = [() => 0, (at: number) => Math.sin(at * at) * 0.2, (at: number) => Math.sin(at / 6) * 0.2]
  for (const sound of sounds) {
    const { evidence, repeats } = await recogniser.transcribe(
      Float32Array.from({ length: 64_000 }, (_, at) => sound(at)),
    )
    t.ok(repeats || evidence < 0.37, `evidence ${evidence}`)
  }
})

const german = sharedCase('27-other-language/v1-ger.mka')
t.test(
  'speech in other languages is read, and its sentences name their language',
  { skip: skip || !german },
  async t => {
    if (!german) return
    const bench = await useBench(t, { models })
    const video = await bench.add(german)
    const { id } = await bench.processing.enqueue(video.id)
    bench.processing.start()
    const job = await bench.ended(id)
    t.match(
      job.stages.find(({ name }) => name === 'transcript'),
      { state: 'completed', model: 'speech-whisper-base@1.0.0' },
    )
    const { items } = await bench.store.content.list(video.id, 'transcript', { limit: 100 })
    t.match(items[0], { language: 'de', text: /Im Winter liegt viel Schnee auf den/ })
  },
)
