import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { makeTalk } from '@cuewire/bench/eval/talk.js'
import type { Models } from '@cuewire/server/models/models.js'
import t, { type Test } from 'tap'
import { useModels } from '../../../support/models.js'
import { modelsOf } from '../../../support/models-of.js'
import { useBench } from '../../../support/processing.js'
import { talkFile } from '../../../support/talk-file.js'

const TALK = makeTalk([PASSAGES.bread, PASSAGES.whales], { sentence: 0.45, topic: 0.45 })
const PAGE = { limit: 200 }

async function chaptersOf(t: Test, models: Models) {
  const bench = await useBench(t, { models })
  const video = await bench.add(await talkFile(t, TALK))
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  const { stages } = await bench.ended(id)
  const { items } = await bench.store.content.list(video.id, 'chapters', PAGE)
  const keywords = await bench.store.content.list(video.id, 'keywords', PAGE)
  return {
    stage: stages.find(({ name }) => name === 'chapters'),
    starts: items.map(({ start }) => start),
    keywords: keywords.items.map(({ text }) => text),
  }
}

t.test('chapters follow the meaning of the sentences, and the stage names its model', async t => {
  const models = await useModels(t)
  const { stage, starts, keywords } = await chaptersOf(t, modelsOf({ sentences: () => models.sentences() }))
  t.match(stage, { state: 'completed', model: /^sentences-use-lite@/, warnings: undefined })
  t.equal(starts.length, 2)
  t.ok(
    ['bread', 'krill'].some(word => keywords.includes(word)),
    String(keywords),
  )
  t.ok(Math.abs((starts[1] ?? 0) - (TALK.boundaries[0] ?? 0)) < 0.1, String(starts))
})

t.test('without a sentence model the words alone decide, and a warning says so', async t => {
  const { stage, starts } = await chaptersOf(t, modelsOf())
  t.match(stage, {
    state: 'completed',
    model: undefined,
    warnings: [{ code: 'model.missing', message: /by the words alone.*install sentences/ }],
  })
  t.equal(starts[0], 0)
})
