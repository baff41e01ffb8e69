import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Job } from '@cuewire/protocol'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { modelsOf } from '../../../support/models-of.js'
import { openBench, statesOf } from '../../../support/processing.js'

const CHILD = fileURLToPath(new URL('../../../support/deadly-video.js', import.meta.url))
const run = promisify(execFile)

t.test('a job that kills the server three times in a row is begun no more, until somebody wants it', async t => {
  const clips = await clipMaker(t)
  const dir = clips.path('data')
  const args = [CHILD, dir, await clips.plain()]
  for (const attempt of [1, 2, 3]) {
    const running = run(process.execPath, args)
    const end = await running.catch((error: unknown) => error)
    t.match(end, { signal: 'SIGABRT' }, `attempt ${attempt}`)
    const store = await openSqliteStore({ file: join(dir, 'cuewire.db') })
    await store.queue.crashed(`test-${running.child.pid}`)
    await store.close()
  }
  const { stdout } = await run(process.execPath, args)
  const job = JSON.parse(stdout) as Job
  t.match(job, { state: 'failed', attempt: 3, error: { code: 'job.crashed', retryable: false } })
  t.match(job.error?.message, /crashed again and again.*objects/)
  t.match(statesOf(job), { probe: 'completed', objects: 'failed', chapters: 'pending' })
  t.match(
    job.stages.find(({ name }) => name === 'objects'),
    { code: 'job.crashed' },
  )

  const bench = await openBench({ dir, models: modelsOf() })
  t.teardown(() => bench.close())
  t.match(await bench.store.videos.get(job.videoId), { state: 'failed', error: { code: 'job.crashed' } })
  bench.processing.start()
  await bench.processing.retry(job.id)
  t.match(await bench.ended(job.id), { state: 'completed', attempt: 4 })
})

t.test('a clean stop is no crash, however often it comes', async t => {
  const clips = await clipMaker(t)
  const file = await clips.long('long.mp4', [])
  const dir = clips.path('data')
  let jobId = ''
  for (let start = 1; start <= 5; start++) {
    // A detector that never answers: only the stop ends the attempt.
    const models = modelsOf({
      objects: async () => ({
        pack: 'slow@1',
        parallel: 1,
        reliableFrom: {},
        input: { width: 64, height: 64 },
        frameSize: () => ({ width: 64, height: 36 }),
        detect: (_image, signal) =>
          new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      }),
    })
    const bench = await openBench({ dir, models })
    jobId ||= (await bench.processing.enqueue((await bench.add(file)).id)).id
    bench.processing.start()
    await bench.bus.waitFor(({ type }) => type === 'processing.started')
    await bench.close()
  }
  const bench = await openBench({ dir, models: modelsOf() })
  t.teardown(() => bench.close())
  bench.processing.start()
  t.match(await bench.ended(jobId), { state: 'completed', attempt: 6 })
})
