import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { JobState } from '@cuewire/protocol'
import t, { type Test } from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { openLibrary } from '../../../support/library.js'

const CHILD = fileURLToPath(new URL('../../../support/job-until.js', import.meta.url))

/** The folder of a process that was killed with -9 right after it had put the job in this state. */
async function killedAfter(t: Test, state: JobState): Promise<{ dir: string; jobId: string }> {
  const clips = await clipMaker(t)
  const dir = clips.path('data')
  const child = spawn(process.execPath, [CHILD, dir, await clips.plain(), state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [jobId] = await once(createInterface({ input: child.stdout }), 'line')
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { dir, jobId: String(jobId) }
}

t.test('killed right after the end of a job was stored: its video has ended with it', async t => {
  const { dir, jobId } = await killedAfter(t, 'completed')
  const { store, blobs, close } = await openLibrary(dir)
  t.teardown(close)
  const job = await store.jobs.get(jobId)
  t.equal(job?.state, 'completed')
  const videoId = job?.videoId ?? ''
  t.match(await store.videos.get(videoId), { state: 'ready', jobId })
  t.equal(
    await blobs.scratch({ kind: 'sound', id: videoId }).size(),
    undefined,
    'nothing is left that nobody would remove',
  )
})

t.test('killed right after a waiting job was cancelled: it is not queued again at the next start', async t => {
  const { dir, jobId } = await killedAfter(t, 'cancelled')
  const { store, upkeep, warnings, close } = await openLibrary(dir)
  t.teardown(close)
  await upkeep.recover()
  const { items } = await store.jobs.list({ limit: 10 })
  t.match(items, [{ id: jobId, state: 'cancelled' }])
  t.equal(items.length, 1)
  t.match(await store.videos.get(items[0]?.videoId ?? ''), { state: 'cancelled' })
  t.strictSame(warnings, [])
})
