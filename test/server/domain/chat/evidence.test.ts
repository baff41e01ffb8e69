import type { Band, LabelSummary } from '@cuewire/protocol'
import type { EvidenceStore } from '@cuewire/server/domain/chat/evidence/evidence.js'
import { momentEvidence } from '@cuewire/server/domain/chat/evidence/moment.js'
import { objectEvidence } from '@cuewire/server/domain/chat/evidence/objects.js'
import t, { type Test } from 'tap'
import { aChapter, aJob, aVideo } from '../../../support/entities.js'
import { openStore } from '../../../support/talk-library.js'
import { useTextThread } from '../../../support/text-thread.js'

async function videoWith(t: Test, labels: LabelSummary[], keywords: string[]) {
  const store = await openStore(t)
  const video = aVideo()
  await store.videos.insert(video, undefined)
  const job = aJob(video.id)
  await store.jobs.insert(job)
  for (const stage of ['objects', 'chapters'] as const) await store.content.begin(video.id, stage, job.id)
  await store.content.replace(video.id, 'objects', job.id, labels)
  await store.content.add(video.id, 'chapters', job.id, [aChapter(0, 'Part 1', { keywords })])
  for (const stage of ['objects', 'chapters'] as const) await store.content.complete(video.id, stage, job.id)
  return { store: store satisfies EvidenceStore, video }
}

const label = (name: string, band: Band): LabelSummary => ({
  label: name,
  confidence: 0.9,
  band,
  frames: 1,
  maxCount: 1,
  spans: [{ start: 20, end: 21 }],
})

t.test('an answer about objects is as sure as their labels, whatever their scores', async t => {
  const cases = [
    [['high', 'high'], [], 'high'],
    [['high', 'low'], [], 'medium'],
    [['low', 'high'], ['thing0', 'thing1'], 'high'],
    [['medium', 'low'], ['thing0', 'thing1'], 'medium'],
    [['low', 'high'], ['thing0'], 'low'],
  ] as const
  for (const [bands, asked, confidence] of cases) {
    const { store, video } = await videoWith(
      t,
      bands.map((band, at) => label(`thing${at}`, band)),
      [],
    )
    const evidence = await objectEvidence(store, { videos: [video], wholeLibrary: false }, asked)
    t.match(evidence, { confidence }, `${bands} ${asked}`)
    if ('abstain' in evidence) continue
    const doubtful = (evidence.passages ?? []).map(({ text }) => text.startsWith('possibly '))
    t.strictSame(doubtful, doubtful.toSorted(), 'what is doubtful comes last')
    t.equal(doubtful.includes(true), confidence !== 'high' || asked.length > 1)
  }
})

t.test('a chapter made from shots alone is no evidence of what happens at a time', async t => {
  const { store, video } = await videoWith(t, [], [])
  t.match(await momentEvidence({ store, text: useTextThread(t) }, video, { kind: 'at', at: 5 }), {
    abstain: { code: 'nothing_at', at: 5 },
  })
  await t.test('one with keywords is', async t => {
    const { store, video } = await videoWith(t, [], ['tide'])
    t.match(await momentEvidence({ store, text: useTextThread(t) }, video, { kind: 'at', at: 5 }), {
      passages: [{ modality: 'chapter' }],
    })
  })
})
