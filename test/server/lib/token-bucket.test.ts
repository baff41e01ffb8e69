import { TokenBucket } from '@cuewire/server/lib/token-bucket.js'
import fc from 'fast-check'
import t from 'tap'

t.test('a bucket begins full, gains tokens by the time that passes, and holds no more than its burst', async t => {
  const bucket = new TokenBucket(10, 20, 0)
  t.equal(bucket.full, true)
  t.equal(bucket.waitMs(20), 0)
  bucket.take(20)
  t.equal(bucket.full, false)
  t.equal(bucket.waitMs(1), 100)
  t.equal(bucket.waitMs(5), 500)
  bucket.refill(100)
  t.equal(bucket.waitMs(1), 0)
  t.equal(bucket.waitMs(2), 100)
  bucket.refill(1_000_000)
  t.equal(bucket.full, true)
  t.equal(bucket.waitMs(20), 0)
  t.equal(bucket.waitMs(21), 100)
})

t.test('the wait is exact: after it the tokens are there, a millisecond before they are not', async t => {
  const perSecond = fc.double({ min: 0.01, max: 100_000, noNaN: true })
  const costs = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 50 })), { minLength: 1 })
  fc.assert(
    fc.property(perSecond, costs, (rate, steps) => {
      const bucket = new TokenBucket(rate, 100, 0)
      let now = 0
      for (const [cost, laterMs] of steps) {
        now += laterMs
        bucket.refill(now)
        const waitMs = bucket.waitMs(cost)
        if (waitMs > 1) {
          now += waitMs - 1
          bucket.refill(now)
          if (bucket.waitMs(cost) === 0) return false
          now += 1
        } else {
          now += waitMs
        }
        bucket.refill(now)
        if (bucket.waitMs(cost) > 0) return false
        bucket.take(cost)
      }
      return true
    }),
    { numRuns: 2000 },
  )
  t.pass('2,000 histories')
})
