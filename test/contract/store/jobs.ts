import type { Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { aJob, at, aVideo, newId } from '../../support/entities.js'
import { by, LEASE_MS, withJob } from '../../support/queued-job.js'
import type { StoreFactory } from '../store.js'

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

async function withVideo(store: Store): Promise<string> {
  const video = aVideo()
  await store.videos.insert(video, undefined)
  return video.id
}

/** What every JobStore must do. */
export async function jobContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('a job comes back as it was put in', async t => {
    const store = await open(t)
    const job = aJob(await withVideo(store), {
      progress: 0.25,
      attempt: 2,
      speed: 12.5,
      startedAt: at(1),
      traceparent: TRACE,
    })
    await store.jobs.insert(job)
    t.strictSame(await store.jobs.get(job.id), job)
    t.equal(await store.jobs.get(newId()), undefined)
  })

  t.test('jobs are listed newest first, of all videos or of one', async t => {
    const store = await open(t)
    const [one, other] = [await withVideo(store), await withVideo(store)]
    const made = [0, 1, 2, 3].map(i => aJob(i % 2 === 0 ? one : other, { createdAt: at(i) }))
    for (const job of made) await store.jobs.insert(job)
    const [a, b, c, d] = made.map(job => job.id)
    const first = await store.jobs.list({ limit: 3 })
    t.strictSame(
      first.items.map(job => job.id),
      [d, c, b],
    )
    t.strictSame(
      (await store.jobs.list({ limit: 3, cursor: first.next })).items.map(job => job.id),
      [a],
    )
    const ofOne = await store.jobs.list({ limit: 1, videoId: one })
    t.strictSame(
      ofOne.items.map(job => job.id),
      [c],
    )
    const rest = await store.jobs.list({ limit: 1, videoId: one, cursor: ofOne.next })
    t.strictSame([rest.items.map(job => job.id), rest.next], [[a], undefined])
    await t.rejects(store.jobs.list({ limit: 1, videoId: other, cursor: ofOne.next }), { code: 'cursor.invalid' })
  })

  t.test('the first end of a job stands, and queueing it again takes the end away', async t => {
    const { jobs, queue, job, ref } = await withJob(t, open)
    await queue.claim(by('a'))
    const error = { code: 'stage.failed', message: 'no', retryable: true } as const
    const failed = await jobs.setState(job.id, 'failed', { at: at(200), error, speed: 3 })
    t.match(failed?.job, { state: 'failed', finishedAt: at(200), error, speed: 3 })
    t.equal(await queue.renew(ref, 'a', LEASE_MS), false)
    t.equal(await jobs.setState(job.id, 'cancelled', { at: at(201) }), undefined)
    t.equal(await jobs.setState(job.id, 'queued', { at: at(201) }), undefined)
    t.strictSame(await jobs.get(job.id), failed?.job)
    t.strictSame(await jobs.active(job.videoId), [])

    const queued = await jobs.setState(job.id, 'queued', { at: at(202), retry: { traceparent: TRACE } })
    t.match(queued?.job, { state: 'queued', attempt: 1, traceparent: TRACE })
    for (const key of ['error', 'finishedAt', 'startedAt']) t.notOk(queued && key in queued.job, key)
    t.strictSame(await jobs.active(job.videoId), [job.id])
    t.match((await queue.claim(by('b')))?.job, { id: job.id, attempt: 2, traceparent: TRACE })
    t.equal(await jobs.setState(newId(), 'cancelled', { at: at(1) }), undefined)
  })

  t.test('a video follows its job in the same step', async t => {
    const { jobs, queue, job, videos } = await withJob(t, open)
    const { videoId } = job
    const stateOf = async (id = videoId) => (await videos.get(id))?.state
    t.match(await videos.get(videoId), { state: 'queued', jobId: job.id })
    t.match(await queue.claim(by('a')), { video: { id: videoId, state: 'processing' } })
    t.equal(await stateOf(), 'processing')
    const error = { code: 'stage.failed', message: 'no', retryable: true } as const
    t.match(await jobs.setState(job.id, 'failed', { at: at(200), error }), { video: { state: 'failed', error } })
    t.equal(await jobs.setState(job.id, 'completed', { at: at(201) }), undefined)
    t.match(await videos.get(videoId), { state: 'failed', error }, 'nor does it follow an end that came too late')
    const retried = await jobs.setState(job.id, 'queued', { at: at(202), retry: {} })
    t.equal(retried?.video?.state, 'queued')
    t.notOk(retried?.video && 'error' in retried.video)
    t.match(await jobs.setState(job.id, 'cancelled', { at: at(203) }), { video: { state: 'cancelled' } })
    const next = aJob(videoId)
    t.match(await jobs.insert(next), { job: { id: next.id }, video: { state: 'queued', jobId: next.id } })
    t.match(await jobs.setState(next.id, 'completed', { at: at(204) }), { video: { state: 'ready', jobId: next.id } })
    t.equal(await stateOf(), 'ready')
  })

  t.test('a stage is replaced where it stands, or added', async t => {
    const { jobs, ...store } = await open(t)
    const stages = [
      { name: 'probe', state: 'pending' },
      { name: 'shots', state: 'pending' },
    ] as const
    const job = aJob(await withVideo({ jobs, ...store }), { stages: [...stages] })
    await jobs.insert(job)
    const probe = { name: 'probe', state: 'completed', elapsedMs: 61, counts: { framesAnalysed: 3 } } as const
    await jobs.setStage(job.id, probe, { progress: 0.5, attempt: 0 })
    await jobs.setStage(
      job.id,
      { name: 'chapters', state: 'skipped', reason: 'no sound' },
      { progress: 0.6, attempt: 0 },
    )
    t.match(await jobs.get(job.id), {
      progress: 0.6,
      stages: [probe, stages[1], { name: 'chapters', state: 'skipped', reason: 'no sound' }],
    })
  })

  t.test('a checkpoint is replaced, outlives a failure, and goes when the job completes', async t => {
    const { jobs, ...store } = await open(t)
    const job = aJob(await withVideo({ jobs, ...store }))
    await jobs.insert(job)
    t.equal(await jobs.checkpoint(job.id, 'objects'), undefined)
    await jobs.saveCheckpoint(job.id, 'objects', { at: 1 })
    await jobs.saveCheckpoint(job.id, 'objects', { at: 2, list: [null, 'x'] })
    await jobs.setState(job.id, 'failed', { at: at(1) })
    t.strictSame(await jobs.checkpoint(job.id, 'objects'), { at: 2, list: [null, 'x'] })
    t.equal(await jobs.checkpoint(job.id, 'shots'), undefined)
    await jobs.setState(job.id, 'queued', { at: at(2), retry: {} })
    await jobs.setState(job.id, 'completed', { at: at(3) })
    t.equal(await jobs.checkpoint(job.id, 'objects'), undefined)
  })
}
