import type { StageStatus } from '@cuewire/protocol'
import { jobProgress, withSpeed } from '@cuewire/server/domain/processing/progress.js'
import t from 'tap'

const progress = (done: number) => ({ done, total: 10, unit: 'seconds' as const })

t.test('speed and time left are judged from what this attempt did', async t => {
  t.strictSame(withSpeed({ done: 30, total: 90, unit: 'seconds' }, 10, 2000), {
    done: 30,
    total: 90,
    unit: 'seconds',
    speed: 10,
    etaMs: 6000,
  })
})

t.test('no speed is told before anything was done', async t => {
  t.strictSame(withSpeed({ done: 10, total: 90, unit: 'seconds' }, 10, 2000), { done: 10, total: 90, unit: 'seconds' })
})

t.test('no more is done than there is', async t => {
  t.equal(withSpeed({ done: 91, total: 90, unit: 'seconds' }, 0, 1000).done, 90)
})

t.test('a job is done when each stage completed or was skipped, and its share only grows', async t => {
  const stages: StageStatus[] = [
    { name: 'probe', state: 'pending' },
    { name: 'objects', state: 'pending' },
    { name: 'transcript', state: 'pending' },
  ]
  const shares = [jobProgress(stages)]
  const step = (index: number, status: StageStatus) => {
    stages[index] = status
    shares.push(jobProgress(stages))
  }
  step(0, { name: 'probe', state: 'completed' })
  step(1, { name: 'objects', state: 'running', progress: progress(5) })
  step(2, { name: 'transcript', state: 'skipped', reason: 'no sound' })
  step(1, { name: 'objects', state: 'completed', progress: progress(10) })
  t.equal(shares[0], 0)
  t.equal(shares.at(-1), 1)
  t.strictSame(
    shares,
    [...shares].sort((a, b) => a - b),
  )
})
