import type { Store } from '@cuewire/server/storage/store.js'
import fc from 'fast-check'
import type { Test } from 'tap'
import { aJob, at, aVideo } from '../../support/entities.js'
import { FakeClock } from '../../support/fake-clock.js'
import { by, LEASE_MS, withJob } from '../../support/queued-job.js'
import type { StoreFactory } from '../store.js'

const HOUR_MS = 3_600_000

async function withVideo(store: Store): Promise<string> {
  const video = aVideo()
  await store.videos.insert(video, undefined)
  return video.id
}

/** What every JobQueue must do. */
export async function queueContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('claims give the oldest queued job first, each to one owner', async t => {
    const store = await open(t, new FakeClock(Date.parse(at(100))))
    const videoId = await withVideo(store)
    const made = [3, 1, 2].map(second => aJob(videoId, { createdAt: at(second) }))
    for (const job of made) await store.jobs.insert(job)
    t.equal(await store.jobs.countQueued(), 3)
    const owners = ['a', 'b', 'c', 'd', 'e']
    const claimed = await Promise.all(owners.map(owner => store.server.queue.claim(by(owner))))
    t.strictSame(
      claimed.map(claim => claim?.job.createdAt),
      [at(1), at(2), at(3), undefined, undefined],
    )
    t.match(claimed[0]?.job, { state: 'running', attempt: 1, startedAt: at(100) })
    t.equal(await store.jobs.countQueued(), 0)
  })

  t.test('a lease keeps a job until it runs out; then another owner continues it', async t => {
    const { queue, job, ref, clock } = await withJob(t, open)
    await queue.claim(by('a'))
    clock.pass(LEASE_MS - 1)
    t.equal(await queue.claim(by('b')), undefined)
    t.equal(await queue.renew(ref, 'a', LEASE_MS), true)
    t.equal(await queue.renew(ref, 'b', LEASE_MS), false)
    clock.pass(LEASE_MS - 1)
    t.equal(await queue.claim(by('b')), undefined)
    clock.pass(1)
    t.equal(await queue.claim(by('b', [ref])), undefined, 'not what the claimer runs already')
    t.match((await queue.claim(by('b')))?.job, { id: job.id, attempt: 2, startedAt: at(100) })
    t.equal(await queue.renew(ref, 'a', LEASE_MS), false)
  })

  t.test('jobs that have waited are unattended while nobody holds any', async t => {
    const { jobs, queue, job, clock } = await withJob(t, open)
    t.strictSame([await queue.unattended(120_000), await queue.unattended(0)], [0, 1])
    clock.pass(60_000)
    t.equal(await queue.unattended(120_000), 1)
    await jobs.insert(aJob(job.videoId, { createdAt: at(1) }))
    t.equal(await queue.unattended(120_000), 2)
    await queue.claim(by('a'))
    t.equal(await queue.unattended(120_000), 0, 'there is a worker, and it is busy')
    clock.pass(LEASE_MS)
    t.equal(await queue.unattended(120_000), 2, 'it is gone')
  })

  t.test('a clock that is set, forwards or back, neither ends a lease nor prolongs it', async t => {
    const { queue, clock } = await withJob(t, open)
    await queue.claim(by('a'))
    for (const jumpMs of [9 * HOUR_MS, -18 * HOUR_MS]) {
      clock.jump(jumpMs)
      t.equal(await queue.claim(by('b')), undefined)
    }
    clock.pass(LEASE_MS)
    t.ok(await queue.claim(by('b')))
  })

  t.test('no job starts before it was made or ends before it started, whatever the clock says', async t => {
    const { jobs, queue, job, clock } = await withJob(t, open)
    clock.jump(-HOUR_MS)
    t.match((await queue.claim(by('a')))?.job, { startedAt: job.createdAt })
    clock.jump(2 * HOUR_MS)
    await jobs.setState(job.id, 'queued', { at: at(1) })
    const startedAt = new Date(clock.now()).toISOString()
    t.match((await queue.claim(by('a')))?.job, { startedAt })
    const ended = await jobs.setState(job.id, 'completed', { at: at(200) })
    t.match(ended?.job, { finishedAt: startedAt })
    t.match(ended?.video, { updatedAt: startedAt })
  })

  t.test('after three crashes in a row a job is claimed no more, until somebody wants it again', async t => {
    const { jobs, queue, job, ref, clock } = await withJob(t, open)
    const tries = { maxCrashes: 3, maxDeaths: 25, alone: true, except: [] }
    await queue.claim(by('a'))
    await jobs.setState(job.id, 'queued', { at: at(100) })
    await queue.crashed('a')
    for (const attempt of [2, 3, 4]) {
      t.match((await queue.claim(by('a')))?.job, { attempt }, 'what was handed back is not counted')
      t.strictSame(await queue.abandoned(tries), [])
      await queue.crashed('b')
      await queue.crashed('a')
    }
    t.equal(await queue.claim(by('b')), undefined)
    t.match(await queue.abandoned(tries), [{ tenant: ref.tenant, job: { id: job.id, state: 'running', attempt: 4 } }])
    t.strictSame(await queue.abandoned({ ...tries, except: [ref] }), [])
    await jobs.setState(job.id, 'failed', { at: at(200) })
    t.strictSame(await queue.abandoned(tries), [])
    const stages = [{ name: 'shots', state: 'pending' }] as const
    const retry = await jobs.setState(job.id, 'queued', { at: at(201), stages, progress: 0.5, retry: {} })
    t.match(retry?.job, { state: 'queued', stages, progress: 0.5 })
    for (const attempt of [5, 6, 7]) {
      t.match((await queue.claim(by('b')))?.job, { attempt }, 'it has its three attempts again')
      await queue.crashed('b')
    }
    t.equal(await queue.claim(by('b')), undefined)
    clock.pass(LEASE_MS)
    t.equal(await queue.claim(by('b')), undefined)
  })

  t.test('what is found is progress: deaths are counted anew from there, but for their sum', async t => {
    const { queue, content, job, clock } = await withJob(t, open)
    await content.begin(job.videoId, 'detections', job.id)
    const attempts: (number | undefined)[] = []
    for (let attempt = 1; attempt <= 7; attempt++) {
      attempts.push((await queue.claim({ ...by('a'), maxDeaths: 6 }))?.job.attempt)
      if (attempt % 2 === 0) await content.add(job.videoId, 'detections', job.id, [{ at: attempt, objects: [] }])
      clock.pass(LEASE_MS)
    }
    t.strictSame(attempts, [1, 2, 3, 4, 5, 6, undefined])
    t.match(await queue.abandoned({ ...by('a'), maxDeaths: 6 }), [{ job: { id: job.id } }])
  })

  t.test('a running job that is queued again is free at once', async t => {
    const { jobs, queue, job } = await withJob(t, open)
    await queue.claim(by('a'))
    await jobs.setState(job.id, 'queued', { at: at(1) })
    t.match((await queue.claim(by('b')))?.job, { id: job.id, attempt: 2 })
  })

  t.test('with one slot a tenant with one job comes second at the latest, however many another has', async t => {
    const { server } = await open(t)
    const [busy, quiet] = [server.for('busy'), server.for('quiet')]
    await addJobs(busy, 100, 0)
    const claim = async () => (await server.queue.claim(by('a')))?.tenant
    t.equal(await claim(), 'busy')
    for (const turn of ['first', 'second', 'third']) {
      await addJobs(quiet, 1, 1000)
      t.ok([await claim(), await claim()].includes('quiet'), `at its ${turn} turn`)
    }
    t.equal(await claim(), 'busy')
    t.equal(await quiet.jobs.countQueued(), 0)
  })

  t.test('no tenant has two turns while another waits for one', async t => {
    const { server } = await open(t)
    const tenants = ['a', 'b', 'c', 'd']
    const steps = fc.array(fc.oneof(fc.constantFrom(...tenants), fc.constant('claim')), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(steps, async steps => {
        /** Of each tenant that waits: who had a turn meanwhile. */
        const served = new Map<string, Set<string>>()
        const claim = async () => {
          const tenant = (await server.queue.claim(by('a')))?.tenant
          if (tenant === undefined) return served.size === 0
          served.delete(tenant)
          if ((await server.for(tenant).jobs.countQueued()) > 0) served.set(tenant, new Set())
          const waiting = [...served].filter(([other]) => other !== tenant).map(([, turns]) => turns)
          const fair = waiting.every(turns => !turns.has(tenant))
          for (const turns of waiting) turns.add(tenant)
          return fair
        }
        for (const step of steps) {
          if (step === 'claim') {
            if (!(await claim())) return false
          } else {
            await addJobs(server.for(step), 1, 0)
            if (!served.has(step)) served.set(step, new Set())
          }
        }
        while (served.size > 0) if (!(await claim())) return false
        return true
      }),
    )
  })
}

async function addJobs(store: Store, count: number, second: number): Promise<void> {
  for (let i = 0; i < count; i++) await store.jobs.insert(aJob(await withVideo(store), { createdAt: at(second + i) }))
}
