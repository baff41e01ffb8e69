import { once } from 'node:events'
import { join } from 'node:path'
import type { StageName } from '@cuewire/protocol'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import t, { type Test } from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { FakeClock } from '../../../support/fake-clock.js'
import { useModels } from '../../../support/models.js'
import { openBench } from '../../../support/processing.js'
import { testFolder } from '../../../support/test-folder.js'

const models = await useModels(t)
const clip = await (await clipMaker(t)).plain()

/** Processing with a way to damage a job, and to hold one in its first stage until it is stopped. */
async function setUp(t: Test, clock?: FakeClock) {
  const dir = testFolder(t)
  const tools = createMediaTools()
  let held = false
  const probe: typeof tools.probe = async (file, signal) => {
    if (held && signal && !signal.aborted) await once(signal, 'abort')
    return await tools.probe(file, signal)
  }
  const bench = await openBench({ dir, models, media: { ...tools, probe }, ...(clock && { clock }) })
  const raw = new Database(join(dir, 'cuewire.db'))
  t.teardown(async () => {
    raw.close()
    await bench.close()
  })
  return {
    ...bench,
    hold: () => {
      held = true
    },
    // What became of a job while the clock was set back.
    damage: (jobId: string) =>
      raw
        .prepare(`update jobs set stages = '[{"name":"probe","state":"running","elapsedMs":-2000}]' where id = ?`)
        .run(jobId),
    damageVideo: (id: string) => raw.prepare(`update videos set media = '{' where id = ?`).run(id),
  }
}

t.test('a damaged job that waits is cancelled, and its video is free', async t => {
  const { processing, store, bus, add, damage } = await setUp(t)
  const video = await add(clip)
  const { id } = await processing.enqueue(video.id)
  damage(id)
  await t.rejects(processing.enqueue(video.id), { code: 'video.busy', message: new RegExp(id) })
  t.match(await processing.cancel(id), { id, state: 'cancelled', stages: [] })
  t.match(await processing.get(id), { state: 'cancelled' })
  t.equal(bus.of('processing.cancelled', `job/${id}`).length, 1)
  t.equal((await store.videos.get(video.id))?.state, 'cancelled')
  await t.rejects(processing.cancel(id), { code: 'job.finished' })
  const again = await processing.enqueue(video.id)
  damage(again.id)
  await t.rejects(processing.retry(again.id), { code: 'record.damaged' })
  await processing.stop(video.id)
  t.match(await processing.get(again.id), { state: 'cancelled' })
})

t.test('a job that is damaged while it runs can be cancelled', async t => {
  const { processing, bus, add, hold, damage } = await setUp(t)
  const video = await add(clip)
  hold()
  processing.start()
  const { id } = await processing.enqueue(video.id)
  await bus.waitFor(({ type, topic }) => type === 'processing.stage' && topic === `job/${id}`)
  damage(id)
  t.match(await processing.cancel(id), { id, state: 'cancelled' })
  t.match((await processing.list({ limit: 5 })).items, [{ id, state: 'cancelled' }])
})

t.test('a damaged job fails at its turn, its followers are told, and the next one runs', async t => {
  const { processing, store, bus, add, ended, damage } = await setUp(t)
  const [broken, whole] = [await add(clip), await add(clip)]
  const first = await processing.enqueue(broken.id, { stages: ['chapters'] })
  const second = await processing.enqueue(whole.id, { stages: ['chapters'] })
  damage(first.id)
  processing.start()
  t.match(await ended(first.id), { state: 'failed', error: { code: 'record.damaged' } })
  t.match(bus.of('processing.failed', `job/${first.id}`), [{ data: { job: { id: first.id } } }])
  t.match(await store.videos.get(broken.id), { state: 'failed', error: { code: 'record.damaged' } })
  t.match(await ended(second.id), { state: 'completed' })
  const again = await processing.enqueue(broken.id, { stages: ['chapters'] })
  t.match(await ended(again.id), { state: 'completed' })
})

t.test('the job of a damaged video fails and says why', async t => {
  const { processing, add, ended, damageVideo } = await setUp(t)
  const video = await add(clip)
  const { id } = await processing.enqueue(video.id)
  damageVideo(video.id)
  processing.start()
  t.match(await ended(id), { state: 'failed', error: { code: 'record.damaged', message: /video\.delete/ } })
  await t.rejects(processing.enqueue(video.id), { code: 'record.damaged' })
})

t.test('on a clock that was set back, what is damaged ends no earlier than it began', async t => {
  const clock = new FakeClock()
  const { processing, add, ended, damage, damageVideo } = await setUp(t, clock)
  const [one, other] = [await add(clip), await add(clip)]
  const jobs = [await processing.enqueue(one.id), await processing.enqueue(other.id)] as const
  damage(jobs[0].id)
  damageVideo(other.id)
  clock.jump(-3_600_000)
  processing.start()
  for (const { id } of jobs) {
    const { state, createdAt, startedAt = createdAt, finishedAt = '' } = await ended(id)
    t.equal(state, 'failed')
    t.ok(createdAt <= startedAt && startedAt <= finishedAt, `${createdAt} <= ${startedAt} <= ${finishedAt}`)
  }
})

t.test('a stage whose checkpoint has another shape or model starts over, with a warning in the log', async t => {
  const { processing, store, add, ended, logged } = await setUp(t)
  const whole = await processing.enqueue((await add(clip)).id)
  const analysed = { signature: '', objects: [] }
  const damaged: [jobId: string, stage: StageName][] = []
  for (const [stage, checkpoint] of [
    ['objects', { counts: { framesAnalysed: 99 }, state: { at: 'late', finished: true } }],
    ['objects', { counts: { framesAnalysed: 99 }, state: null }],
    ['objects', { at: 1 }],
    ['objects', { counts: { framesAnalysed: 99 }, state: { pack: 'other@1.0.0', at: 1, finished: true, analysed } }],
    ['transcript', { counts: { spansTranscribed: 99 }, state: { heardTo: 1 } }],
    ['transcript', []],
    ['decode', { counts: {}, state: { audioBytes: '1' } }],
  ] as const) {
    const { id } = await processing.enqueue((await add(clip)).id)
    await store.jobs.saveCheckpoint(id, stage, checkpoint)
    damaged.push([id, stage])
  }
  processing.start()
  const countsOf = async (jobId: string) => (await ended(jobId)).stages.map(({ state, counts }) => [state, counts])
  const expected = await countsOf(whole.id)
  for (const [id, stage] of damaged) {
    t.strictSame(await countsOf(id), expected, stage)
    const warnings = logged.filter(({ data }) => 'jobId' in data && data.jobId === id)
    t.match(warnings, [{ data: { stage }, message: /checkpoint.*starts over/ }])
  }
  t.equal(logged.length, damaged.length)
})
