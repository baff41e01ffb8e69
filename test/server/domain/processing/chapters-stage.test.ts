import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { makeTalk } from '@cuewire/bench/eval/talk.js'
import type { KindName, StageName } from '@cuewire/protocol'
import type { Models } from '@cuewire/server/models/models.js'
import t, { type Test } from 'tap'
import { useModels } from '../../../support/models.js'
import { modelsOf } from '../../../support/models-of.js'
import { useBench } from '../../../support/processing.js'
import { talkFile } from '../../../support/talk-file.js'

const TALK = makeTalk([PASSAGES.bread, PASSAGES.whales], { sentence: 0.45, topic: 0.45 })
const PAGE = { limit: 200 }

async function processTalk(t: Test, models: Models) {
  const bench = await useBench(t, { models })
  const video = await bench.add(await talkFile(t, TALK))
  bench.processing.start()
  const run = async (stages?: StageName[]) => {
    const { id } = await bench.processing.enqueue(video.id, stages && { stages })
    return (await bench.ended(id)).stages
  }
  const itemsOf = async <K extends KindName>(kind: K) => (await bench.store.content.list(video.id, kind, PAGE)).items
  return { bench, run, itemsOf }
}

t.test('chapters follow the meaning of the sentences, and the stage names its model', async t => {
  const models = await useModels(t)
  const { bench, run, itemsOf } = await processTalk(t, modelsOf({ sentences: () => models.sentences() }))
  const stages = await run()
  for (const name of ['chapters', 'outline'])
    t.match(
      stages.find(stage => stage.name === name),
      { state: 'completed', model: /^sentences-use-lite@/, warnings: undefined },
    )
  const starts = (await itemsOf('chapters')).map(({ start }) => start)
  t.equal(starts.length, 2)
  t.ok(Math.abs((starts[1] ?? 0) - (TALK.boundaries[0] ?? 0)) < 0.1, String(starts))
  const keywords = (await itemsOf('keywords')).map(({ text }) => text)
  t.ok(
    ['bread', 'krill'].some(word => keywords.includes(word)),
    String(keywords),
  )
  const summary = await itemsOf('summary')
  t.strictSame(new Set(summary.map(({ chapter }) => chapter)), new Set([0, 1]))
  t.strictSame(
    (await itemsOf('outline')).map(({ start, parts }) => [start, parts]),
    starts.map(start => [start, []]),
  )
  t.match(bench.bus.of('content.summary').at(-1)?.data, { sentences: summary })

  t.test('the summary is made again with the chapters, or alone, and is the same', async t => {
    for (const [named, expected] of [
      ['outline', ['outline']],
      ['chapters', ['chapters', 'outline']],
    ] as const) {
      t.strictSame(
        (await run([named])).map(({ name }) => name),
        expected,
      )
      t.strictSame(await itemsOf('summary'), summary)
    }
  })
})

t.test('without a sentence model the words alone decide, and a warning says so', async t => {
  const { run, itemsOf } = await processTalk(t, modelsOf())
  const stages = await run()
  for (const [name, message] of [
    ['chapters', /^Chapters are found by the words alone.*install sentences/],
    ['outline', /^The outline and summary are made by the words alone.*install sentences/],
  ] as const)
    t.match(
      stages.find(stage => stage.name === name),
      { state: 'completed', model: undefined, warnings: [{ code: 'model.missing', message }] },
    )
  t.equal((await itemsOf('chapters'))[0]?.start, 0)
  t.ok((await itemsOf('summary')).length > 0)
})
