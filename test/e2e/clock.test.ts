import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import t from 'tap'
import { clipMaker } from '../support/clips.js'
import { jobEnd } from '../support/job.js'
import { startServer } from '../support/server.js'

const HOUR_MS = 3_600_000

/** Moves the wall clock of this process, and so of the server in it. */
function movableClock(test: typeof t): { move(ms: number): void } {
  let offsetMs = 0
  const { now } = Date
  test.intercept(Date, 'now', { value: () => now() + offsetMs })
  return {
    move: ms => {
      offsetMs += ms
    },
  }
}

t.test('a clock that is set back and forth while a job runs changes nothing but timestamps', async t => {
  const clips = await clipMaker(t)
  const file = await clips.make('rest.mp4', [
    ...['-f', 'lavfi', '-i', 'mandelbrot=size=320x180:rate=25', '-f', 'lavfi', '-i', 'sine', '-t', '20'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
  ])
  const clock = movableClock(t as typeof import('tap').t)
  const { port } = await startServer(t, {
    CUEWIRE_DATA_DIR: clips.path('data'),
    CUEWIRE_MODELS_DIR: clips.path('models'),
    CUEWIRE_CONCURRENCY: '2',
  })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  const { id } = await uploadFile(client, file)
  const jumps = [-2 * HOUR_MS, 5 * HOUR_MS, -9 * HOUR_MS]
  for await (const event of client.subscribe(`video/${id}`, { since: 0 })) {
    if (event.type !== 'processing.stage' && event.type !== 'processing.progress') continue
    const jump = jumps.shift()
    if (jump === undefined) break
    clock.move(jump)
  }

  const job = await jobEnd(client, id)
  t.equal(job.state, 'completed')
  t.equal(job.attempt, 1)
  for (const { name, elapsedMs = 0 } of job.stages) {
    t.ok(elapsedMs >= 0 && elapsedMs < 120_000, `${name} took ${elapsedMs} ms`)
  }
  t.ok((job.speed ?? 0) > 0.01 && (job.speed ?? 0) < 1000, `speed ${job.speed}`)
  const { createdAt, startedAt = '', finishedAt = '' } = job
  t.ok(createdAt <= startedAt && startedAt <= finishedAt, `${createdAt} <= ${startedAt} <= ${finishedAt}`)
  t.match((await client.processing.get({ jobId: job.id })).job, { state: 'completed' })
  t.equal((await client.processing.list({})).jobs.length, 1)
  const { video } = await client.video.get({ videoId: id })
  t.equal(video.state, 'ready')
  t.ok(video.createdAt <= video.updatedAt, `${video.createdAt} <= ${video.updatedAt}`)

  // Everything else that is timed goes on as well.
  const { job: again } = await client.processing.start({ videoId: id })
  clock.move(-HOUR_MS)
  t.match((await client.processing.cancel({ jobId: again.id })).job, { state: 'cancelled' })
  t.equal((await client.processing.list({})).jobs.length, 2)
})
