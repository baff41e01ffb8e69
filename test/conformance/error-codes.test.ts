import t from 'tap'
import { onEachTransport } from '../support/on-each-transport.js'
import { documented } from './client.js'
import { connectionErrors } from './errors/connection.js'
import { contentErrors } from './errors/content.js'
import { faultErrors } from './errors/faults.js'
import { createPlace, type Produce } from './errors/place.js'
import { uploadErrors } from './errors/uploads.js'

const test = onEachTransport(t)

/** By error code: a way to bring it about. Each returns the code it was answered with. */
const WAYS: Readonly<Record<string, Produce>> = {
  ...connectionErrors,
  ...uploadErrors,
  ...contentErrors,
  ...faultErrors,
}

test('every documented error code is produced by the documented means', async t => {
  const codes = documented('### Error codes').map(([code = '']) => code)
  t.ok(codes.length > 50, 'the document has its table')
  t.same(codes.sort(), Object.keys(WAYS).sort(), 'each code has a way here, and none is made up')
  const place = await createPlace(t)
  for (const code of codes) {
    await t.test(code, async t => {
      t.equal(await WAYS[code]?.(t, place), code)
    })
  }
})
