import { retryAfterMs } from '@cuewire/server/models/retry-after.js'
import t from 'tap'

t.test('a wait is given in seconds, or as a date', async t => {
  const now = () => Date.UTC(2026, 10, 27, 12)
  t.equal(retryAfterMs('120', now), 120_000)
  t.equal(retryAfterMs('Fri, 27 Nov 2026 12:00:05 GMT', now), 5000)
  t.equal(retryAfterMs('Fri, 27 Nov 2026 11:00:00 GMT', now), 0)
  for (const none of [null, '', 'soon', '-1']) t.equal(retryAfterMs(none, now), undefined, `${none}`)
})
