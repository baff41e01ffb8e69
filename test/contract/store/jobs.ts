import type { Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { aJob, at, aVideo, newId } from '../../support/entities.js'
import type { StoreFactory } from '../store.js'

const NOW = Date.parse(at(100))
const LEASE_MS = 1000

async function withVideo(store: Store): Promise<string> {
  const video = aVideo()
  await store.videos.insert(video, undefined)
  return video.id
}

/** What every JobStore must do. */
export async function jobContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('a job comes back as it was put in', async t => {
    const store = await open(t)
    const job = aJob(await withVideo(store), { progress: 0.25, attempt: 2, speed: 12.5, startedAt: at(1) })
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

  t.test('claims give the oldest queued job first, each to one owner', async t => {
    const store = await open(t)
    const videoId = await withVideo(store)
    const made = [3, 1, 2].map(second => aJob(videoId, { createdAt: at(second) }))
    for (const job of made) await store.jobs.insert(job)
    t.equal(await store.jobs.countQueued(), 3)
    const owners = ['a', 'b', 'c', 'd', 'e']
    const claimed = await Promise.all(owners.map(owner => store.jobs.claim(owner, NOW, LEASE_MS)))
    t.strictSame(
      claimed.map(job => job?.createdAt),
      [at(1), at(2), at(3), undefined, undefined],
    )
    t.match(claimed[0], { state: 'running', attempt: 1, startedAt: at(100) })
    t.equal(await store.jobs.countQueued(), 0)
  })

  t.test('a lease keeps a job until it runs out; then another owner continues it', async t => {
    const { jobs, ...store } = await open(t)
    const job = aJob(await withVideo({ jobs, ...store }))
    await jobs.insert(job)
    await jobs.claim('a', NOW, LEASE_MS)
    t.equal(await jobs.claim('b', NOW + LEASE_MS - 1, LEASE_MS), undefined)
    t.equal(await jobs.renew(job.id, 'a', NOW + 500, LEASE_MS), true)
    t.equal(await jobs.renew(job.id, 'b', NOW + 500, LEASE_MS), false)
    t.equal(await jobs.claim('b', NOW + LEASE_MS, LEASE_MS), undefined)
    t.match(await jobs.claim('b', NOW + 500 + LEASE_MS, LEASE_MS), { id: job.id, attempt: 2, startedAt: at(100) })
    t.equal(await jobs.renew(job.id, 'a', NOW, LEASE_MS), false)
  })

  t.test('the first end of a job stands, and queueing it again takes the end away', async t => {
    const { jobs, ...store } = await open(t)
    const job = aJob(await withVideo({ jobs, ...store }))
    await jobs.insert(job)
    await jobs.claim('a', NOW, LEASE_MS)
    const error = { code: 'stage.failed', message: 'no', retryable: true } as const
    const failed = await jobs.setState(job.id, 'failed', { at: at(200), error, speed: 3 })
    t.match(failed, { state: 'failed', finishedAt: at(200), error, speed: 3 })
    t.equal(await jobs.renew(job.id, 'a', NOW, LEASE_MS), false)
    t.strictSame(await jobs.setState(job.id, 'cancelled', { at: at(201) }), failed)
    t.strictSame(await jobs.active(job.videoId), [])

    const queued = await jobs.setState(job.id, 'queued', { at: at(202) })
    t.match(queued, { state: 'queued', attempt: 1 })
    for (const key of ['error', 'finishedAt', 'startedAt']) t.notOk(queued !== undefined && key in queued, key)
    t.strictSame(
      (await jobs.active(job.videoId)).map(({ id }) => id),
      [job.id],
    )
    t.match(await jobs.claim('b', NOW, LEASE_MS), { id: job.id, attempt: 2 })
    t.equal(await jobs.setState(newId(), 'cancelled', { at: at(1) }), undefined)
  })

  t.test('a running job that is queued again is free at once', async t => {
    const { jobs, ...store } = await open(t)
    const job = aJob(await withVideo({ jobs, ...store }))
    await jobs.insert(job)
    await jobs.claim('a', NOW, LEASE_MS)
    await jobs.setState(job.id, 'queued', { at: at(1) })
    t.match(await jobs.claim('b', NOW, LEASE_MS), { id: job.id, attempt: 2 })
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
    await jobs.setStage(job.id, probe, 0.5)
    await jobs.setStage(job.id, { name: 'chapters', state: 'skipped', reason: 'no sound' }, 0.6)
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
    await jobs.setState(job.id, 'queued', { at: at(2) })
    await jobs.setState(job.id, 'completed', { at: at(3) })
    t.equal(await jobs.checkpoint(job.id, 'objects'), undefined)
  })
}
