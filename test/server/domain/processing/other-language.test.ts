import type { ForeignLine } from '@cuewire/bench/sample/espeak.js'
import type { StageStatus } from '@cuewire/protocol'
import t, { type Test } from 'tap'
import { foreignSpeech, GERMAN } from '../../../support/foreign-speech.js'
import { useModels } from '../../../support/models.js'
import { useBench } from '../../../support/processing.js'
import { sharedCase } from '../../../support/shared-media.js'
import { testFolder } from '../../../support/test-folder.js'

const ENGLISH =
  'Good morning, everyone. Today we talk about farming in the north. The farmers cut the wool once a year in the summer.'
const PORTUGUESE =
  'Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de consciência, devem agir uns para com os outros em espírito de fraternidade.'

const models = await useModels(t)
const dir = testFolder(t)

async function transcribed(t: Test, file: string) {
  const bench = await useBench(t, { models })
  const video = await bench.add(file)
  const { id } = await bench.processing.enqueue(video.id)
  bench.processing.start()
  const job = await bench.ended(id)
  t.equal(job.state, 'completed')
  const stage = job.stages.find(({ name }) => name === 'transcript') as StageStatus
  const { items } = await bench.store.content.list(video.id, 'transcript', { limit: 100 })
  return { stage, text: items.map(({ text }) => text).join(' ') }
}

const spoken = (lines: readonly ForeignLine[], mark: string) => foreignSpeech(dir, lines, mark)

t.test('speech in another language is skipped with the reason, and nothing is invented', async t => {
  const german = await transcribed(t, await spoken([{ text: GERMAN, language: 'de' }], 'ger'))
  t.match(german.stage, {
    state: 'skipped',
    code: 'speech.unreadable',
    command: /models pull speech-whisper-base$/,
    reason:
      /^\d+ s of speech in a language other than English \(the track is marked as German\): .* reads English only/,
  })
  t.equal(german.text, '')
  const wrong = await transcribed(t, await spoken([{ text: PORTUGUESE, language: 'pt-br' }], 'eng'))
  t.match(wrong.stage, { state: 'skipped', reason: /in a language other than English, or not intelligible/ })
  t.equal(wrong.text, '')
})

t.test('English is read, however its track is marked', async t => {
  for (const mark of ['eng', 'ger', 'und']) {
    const { stage, text } = await transcribed(t, await spoken([{ text: ENGLISH, language: 'en-us' }], mark))
    t.equal(stage.state, 'completed', mark)
    t.equal(stage.warnings, undefined)
    t.match(text, /farmers cut the wool once a year/i)
  }
})

t.test('of a recording in two languages the English is kept, with a warning about the rest', async t => {
  const lines = [
    { text: GERMAN, language: 'de' },
    { text: ENGLISH, language: 'en-us' },
    { text: PORTUGUESE, language: 'pt-br' },
  ]
  const { stage, text } = await transcribed(t, await spoken(lines, 'und'))
  t.match(stage, {
    state: 'completed',
    warnings: [{ code: 'speech.unreadable', message: /^\d+ s of \d+ s of speech/ }],
  })
  t.match(text, /^Good morning.*summer\.?$/)
})

for (const name of ['de', 'es', 'fr', 'v1-ger', 'v2-dut', 'v3-ita', 'v4-pol', 'v5-por', 'v6-swe', 'en']) {
  const file = sharedCase(`27-other-language/${name}.mka`)
  t.test(`the recording ${name}.mka of a user`, { skip: file ? false : 'the file is not there' }, async t => {
    if (!file) return
    const { stage, text } = await transcribed(t, file)
    t.equal(stage.state, name === 'en' ? 'completed' : 'skipped')
    t.equal(text !== '', name === 'en')
  })
}
