import type { Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { aJob, at, aVideo, newId } from '../../support/entities.js'
import { FakeClock } from '../../support/fake-clock.js'
import type { StoreFactory } from '../store.js'

const LEASE_MS = 1000
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const HOUR_MS = 3_600_000

/** A claim by this owner. */
const by = (owner: string, except: readonly string[] = []) => ({ owner, leaseMs: LEASE_MS, maxAttempts: 3, except })

async function withVideo(store: Store): Promise<string> {
  const video = aVideo()
  await store.videos.insert(video, undefined)
  return video.id
}

/** A store at second 100 of its clock, with one queued job. */
async function withJob(t: Test, open: StoreFactory) {
  const clock = new FakeClock(Date.parse(at(100)))
  const { jobs, videos } = await open(t, clock)
  const video = aVideo({ state: 'ready' })
  await videos.insert(video, undefined)
  const { job } = await jobs.insert(aJob(video.id))
  return { jobs, videos, job, clock }
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

  t.test('claims give the oldest queued job first, each to one owner', async t => {
    const store = await open(t, new FakeClock(Date.parse(at(100))))
    const videoId = await withVideo(store)
    const made = [3, 1, 2].map(second => aJob(videoId, { createdAt: at(second) }))
    for (const job of made) await store.jobs.insert(job)
    t.equal(await store.jobs.countQueued(), 3)
    const owners = ['a', 'b', 'c', 'd', 'e']
    const claimed = await Promise.all(owners.map(owner => store.jobs.claim(by(owner))))
    t.strictSame(
      claimed.map(claim => claim?.job.createdAt),
      [at(1), at(2), at(3), undefined, undefined],
    )
    t.match(claimed[0]?.job, { state: 'running', attempt: 1, startedAt: at(100) })
    t.equal(await store.jobs.countQueued(), 0)
  })

  t.test('a lease keeps a job until it runs out; then another owner continues it', async t => {
    const { jobs, job, clock } = await withJob(t, open)
    await jobs.claim(by('a'))
    clock.pass(LEASE_MS - 1)
    t.equal(await jobs.claim(by('b')), undefined)
    t.equal(await jobs.renew(job.id, 'a', LEASE_MS), true)
    t.equal(await jobs.renew(job.id, 'b', LEASE_MS), false)
    clock.pass(LEASE_MS - 1)
    t.equal(await jobs.claim(by('b')), undefined)
    clock.pass(1)
    t.equal(await jobs.claim(by('b', [job.id])), undefined, 'not what the claimer runs already')
    t.match((await jobs.claim(by('b')))?.job, { id: job.id, attempt: 2, startedAt: at(100) })
    t.equal(await jobs.renew(job.id, 'a', LEASE_MS), false)
  })

  t.test('a clock that is set, forwards or back, neither ends a lease nor prolongs it', async t => {
    const { jobs, clock } = await withJob(t, open)
    await jobs.claim(by('a'))
    for (const jumpMs of [9 * HOUR_MS, -18 * HOUR_MS]) {
      clock.jump(jumpMs)
      t.equal(await jobs.claim(by('b')), undefined)
    }
    clock.pass(LEASE_MS)
    t.ok(await jobs.claim(by('b')))
  })

  t.test('no job starts before it was made or ends before it started, whatever the clock says', async t => {
    const { jobs, job, clock } = await withJob(t, open)
    clock.jump(-HOUR_MS)
    t.match((await jobs.claim(by('a')))?.job, { startedAt: job.createdAt })
    clock.jump(2 * HOUR_MS)
    await jobs.setState(job.id, 'queued', { at: at(1) })
    const startedAt = new Date(clock.now()).toISOString()
    t.match((await jobs.claim(by('a')))?.job, { startedAt })
    const ended = await jobs.setState(job.id, 'completed', { at: at(200) })
    t.match(ended?.job, { finishedAt: startedAt })
    t.match(ended?.video, { updatedAt: startedAt })
  })

  t.test(
    'after three leases in a row that ran out a job is claimed no more, until somebody wants it again',
    async t => {
      const { jobs, job, clock } = await withJob(t, open)
      const tries = { maxAttempts: 3, except: [] }
      await jobs.claim(by('a'))
      await jobs.setState(job.id, 'queued', { at: at(100) })
      for (const attempt of [2, 3, 4]) {
        t.match((await jobs.claim(by('a')))?.job, { attempt }, 'what was handed back is not counted')
        t.strictSame(await jobs.abandoned(tries), [])
        clock.pass(LEASE_MS)
      }
      t.equal(await jobs.claim(by('b')), undefined)
      t.match(await jobs.abandoned(tries), [{ id: job.id, state: 'running', attempt: 4 }])
      t.strictSame(await jobs.abandoned({ ...tries, except: [job.id] }), [])
      await jobs.setState(job.id, 'failed', { at: at(200) })
      t.strictSame(await jobs.abandoned(tries), [])
      const stages = [{ name: 'shots', state: 'pending' }] as const
      const retry = await jobs.setState(job.id, 'queued', { at: at(201), stages, progress: 0.5, retry: {} })
      t.match(retry?.job, { state: 'queued', stages, progress: 0.5 })
      await jobs.claim(by('b'))
      clock.pass(LEASE_MS)
      t.ok(await jobs.claim(by('b')), 'it has its three attempts again')
    },
  )

  t.test('the first end of a job stands, and queueing it again takes the end away', async t => {
    const { jobs, job } = await withJob(t, open)
    await jobs.claim(by('a'))
    const error = { code: 'stage.failed', message: 'no', retryable: true } as const
    const failed = await jobs.setState(job.id, 'failed', { at: at(200), error, speed: 3 })
    t.match(failed?.job, { state: 'failed', finishedAt: at(200), error, speed: 3 })
    t.equal(await jobs.renew(job.id, 'a', LEASE_MS), false)
    t.equal(await jobs.setState(job.id, 'cancelled', { at: at(201) }), undefined)
    t.equal(await jobs.setState(job.id, 'queued', { at: at(201) }), undefined)
    t.strictSame(await jobs.get(job.id), failed?.job)
    t.strictSame(await jobs.active(job.videoId), [])

    const queued = await jobs.setState(job.id, 'queued', { at: at(202), retry: { traceparent: TRACE } })
    t.match(queued?.job, { state: 'queued', attempt: 1, traceparent: TRACE })
    for (const key of ['error', 'finishedAt', 'startedAt']) t.notOk(queued && key in queued.job, key)
    t.strictSame(await jobs.active(job.videoId), [job.id])
    t.match((await jobs.claim(by('b')))?.job, { id: job.id, attempt: 2, traceparent: TRACE })
    t.equal(await jobs.setState(newId(), 'cancelled', { at: at(1) }), undefined)
  })

  t.test('a running job that is queued again is free at once', async t => {
    const { jobs, job } = await withJob(t, open)
    await jobs.claim(by('a'))
    await jobs.setState(job.id, 'queued', { at: at(1) })
    t.match((await jobs.claim(by('b')))?.job, { id: job.id, attempt: 2 })
  })

  t.test('a video follows its job in the same step', async t => {
    const { jobs, job, videos } = await withJob(t, open)
    const { videoId } = job
    const stateOf = async (id = videoId) => (await videos.get(id))?.state
    t.match(await videos.get(videoId), { state: 'queued', jobId: job.id })
    t.match(await jobs.claim(by('a')), { video: { id: videoId, state: 'processing' } })
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
    await jobs.setState(job.id, 'queued', { at: at(2), retry: {} })
    await jobs.setState(job.id, 'completed', { at: at(3) })
    t.equal(await jobs.checkpoint(job.id, 'objects'), undefined)
  })
}
