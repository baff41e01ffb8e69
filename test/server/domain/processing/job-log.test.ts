import t from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { modelsOf } from '../../../support/models-of.js'
import { useBench } from '../../../support/processing.js'

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const clips = await clipMaker(t)

t.test('a job tells its life in the log, a line for each turn, with its ids and its trace', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const video = await bench.add(await clips.plain())
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id, { traceparent: TRACE })
  const job = await bench.ended(id)
  t.equal(job.traceparent, TRACE, 'which the job keeps')
  const lines = bench.told
  t.strictSame(
    lines.map(({ message }) => message),
    ['job queued', 'job started', ...job.stages.map(() => 'stage ended'), 'job completed'],
  )
  for (const { data } of lines) t.match(data, { jobId: id, videoId: video.id, traceparent: TRACE })
  t.match(lines[1]?.data, { attempt: 1 })
  const stages = Object.fromEntries(lines.flatMap(({ data }) => ('stage' in data ? [[String(data.stage), data]] : [])))
  t.match(stages, {
    probe: { state: 'completed', elapsedMs: Number },
    decode: { state: 'completed', elapsedMs: Number },
    shots: { state: 'completed', elapsedMs: Number },
    objects: { state: 'skipped', code: 'model.missing', reason: /not installed/ },
    transcript: { state: 'skipped', code: 'model.missing' },
  })
  t.match(lines.at(-1)?.data, { elapsedMs: Number, speed: Number })
  t.strictSame(bench.logged, [], 'and nothing of it is a warning')
})

t.test('a failed stage is one line with its cause, its job another with the code', async t => {
  const detect = () => Promise.reject(new Error('out of memory'))
  const bench = await useBench(t, {
    models: modelsOf({
      objects: async () => ({
        pack: 'broken@1',
        parallel: 1,
        reliableFrom: {},
        input: { width: 64, height: 64 },
        frameSize: () => ({ width: 64, height: 36 }),
        detect,
      }),
    }),
  })
  const video = await bench.add(await clips.plain())
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  await bench.ended(id)
  t.match(bench.logged, [
    { message: 'stage failed', data: { jobId: id, stage: 'objects', code: 'stage.failed', err: /out of memory/ } },
  ])
  t.equal(bench.logged.length, 1)
  t.match(bench.told.at(-1), {
    message: 'job failed',
    data: { jobId: id, videoId: video.id, elapsedMs: Number, code: 'stage.failed', reason: /^objects: / },
  })
})

t.test('what is queued again, cancelled or handed back says so too', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const video = await bench.add(await clips.plain())
  const { id } = await bench.processing.enqueue(video.id)
  await bench.processing.cancel(id)
  t.match((await bench.processing.retry(id, TRACE)).traceparent, TRACE)
  t.strictSame(
    bench.told.map(({ message }) => message),
    ['job queued', 'job cancelled', 'job queued again'],
  )
  t.match(bench.told.at(-1)?.data, { jobId: id, traceparent: TRACE })
})

t.test('times in the log are those of this attempt, of a stage as of its job', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const video = await bench.add(await clips.plain())
  const { id } = await bench.processing.enqueue(video.id)
  const former = { name: 'decode', state: 'pending', elapsedMs: 3_600_000 } as const
  await bench.store.jobs.setStage(id, former, { progress: 0, attempt: 0 })
  bench.processing.start()
  const job = await bench.ended(id)
  t.ok((job.stages.find(({ name }) => name === 'decode')?.elapsedMs ?? 0) > 3_600_000, 'the job has the time of all')
  const times = bench.told.flatMap(({ data }) => ('elapsedMs' in data ? [Number(data.elapsedMs)] : []))
  t.equal(Math.max(...times), times.at(-1), 'no stage took longer than its job')
})
