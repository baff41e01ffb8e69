import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { makeTalk } from '@cuewire/bench/eval/talk.js'
import { sentenceWindows } from '@cuewire/server/domain/processing/sentence-windows.js'
import type { SentenceEncoder } from '@cuewire/server/models/models.js'
import t from 'tap'
import { useModels } from '../../../support/models.js'
import { modelsOf } from '../../../support/models-of.js'
import { useBench } from '../../../support/processing.js'
import { talkFile } from '../../../support/talk-file.js'

const TALK = makeTalk([PASSAGES.bread, PASSAGES.whales], { sentence: 0.45, topic: 0.45 })

t.test('what is said is found by its meaning, and each run replaces the vectors of the one before', async t => {
  const models = await useModels(t)
  let calls = 0
  const counting = async (): Promise<SentenceEncoder> => {
    const encoder = await models.sentences()
    return {
      pack: encoder.pack,
      parallel: encoder.parallel,
      encode(text, signal) {
        calls += 1
        return encoder.encode(text, signal)
      },
    }
  }
  const bench = await useBench(t, { models: modelsOf({ sentences: counting }) })
  const video = await bench.add(await talkFile(t, TALK))
  bench.processing.start()
  const job = await bench.ended((await bench.processing.enqueue(video.id)).id)
  t.match(
    job.stages.find(({ name }) => name === 'embed'),
    { state: 'completed', model: /^sentences-use-lite@/ },
  )
  const { vectors } = bench.store
  t.equal(await vectors.count(video.id), TALK.segments.length)
  const encoder = await models.sentences()
  const vector = await encoder.encode('How deep do sperm whales dive?')
  const [best] = await vectors.nearest({ space: encoder.pack, vector, limit: 1 })
  t.match(TALK.segments[best?.position ?? -1]?.text, /Sperm whales dive deeper/)

  calls = 0
  await bench.ended((await bench.processing.enqueue(video.id, { stages: ['embed'] })).id)
  t.equal(calls, TALK.segments.length)
  t.equal(await vectors.count(video.id), TALK.segments.length)
})

t.test('without a sentence model the stage is skipped, and says how to have it', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const video = await bench.add(await talkFile(t, TALK))
  bench.processing.start()
  const job = await bench.ended((await bench.processing.enqueue(video.id)).id)
  t.equal(job.state, 'completed')
  t.match(
    job.stages.find(({ name }) => name === 'embed'),
    { state: 'skipped', code: 'model.missing', reason: String },
  )
})

t.test('a short sentence takes those that follow it soon into its window', t => {
  const sentence = (start: number, text: string) => ({ start, end: start + 1, text })
  const long = 'The fishing boats leave the harbour before dawn, at about five o clock.'
  const windows = sentenceWindows([
    sentence(0, 'Good morning.'),
    sentence(1, 'And welcome.'),
    sentence(2, long),
    sentence(20, 'Why?'),
    sentence(30, 'Tides.'),
  ])
  t.strictSame(windows, [
    { position: 0, start: 0, end: 3, text: `Good morning. And welcome. ${long}` },
    { position: 1, start: 1, end: 3, text: `And welcome. ${long}` },
    { position: 2, start: 2, end: 3, text: long },
    { position: 3, start: 20, end: 21, text: 'Why?' },
    { position: 4, start: 30, end: 31, text: 'Tides.' },
  ])
  t.end()
})
