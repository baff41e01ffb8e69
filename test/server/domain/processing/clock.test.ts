import t from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { FakeClock } from '../../../support/fake-clock.js'
import { useModels } from '../../../support/models.js'
import { useBench } from '../../../support/processing.js'

const HOUR_MS = 3_600_000

const models = await useModels(t)
const clips = await clipMaker(t)
const clip = await clips.plain()

for (const [name, jumpsMs] of [
  ['back', [-20_000, -HOUR_MS]],
  ['forwards', [20_000, HOUR_MS]],
  ['both ways', [5 * HOUR_MS, -9 * HOUR_MS, HOUR_MS]],
] as const) {
  t.test(`a clock that is set ${name} in the middle of a job moves timestamps, and no duration`, async t => {
    const clock = new FakeClock()
    const jumps: number[] = [...jumpsMs]
    const bench = await useBench(t, {
      models,
      clock,
      leaseMs: 300,
      onEvent: ({ type, topic }) => {
        if (type !== 'processing.stage' || !topic.startsWith('job/')) return
        clock.jump(jumps.shift() ?? 0)
        clock.pass(100)
      },
    })
    const video = await bench.add(clip)
    bench.processing.start()
    const { id } = await bench.processing.enqueue(video.id)
    const job = await bench.ended(id)
    t.equal(jumps.length, 0)
    t.match(job, { state: 'completed', attempt: 1 })
    const took = job.stages.map(({ elapsedMs = -1 }) => elapsedMs)
    t.ok(took.every(ms => ms >= 0 && ms % 100 === 0) && Math.max(...took) < 10_000, `${took}`)
    t.ok((job.speed ?? 0) > 0.2 && (job.speed ?? 0) < 20, `speed ${job.speed}`)
    const { createdAt, startedAt = '', finishedAt = '' } = job
    t.ok(createdAt <= startedAt && startedAt <= finishedAt, `${createdAt} <= ${startedAt} <= ${finishedAt}`)
    t.strictSame(await bench.store.jobs.get(id), job, 'it can be read')
    t.equal((await bench.processing.list({ limit: 10 })).items.length, 1)
    t.equal((await bench.store.videos.get(video.id))?.state, 'ready')
    t.equal(bench.bus.of('processing.started', `job/${id}`).length, 1, 'it ran once')
  })
}
