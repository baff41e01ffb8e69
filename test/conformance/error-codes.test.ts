import t from 'tap'
import { onEachTransport } from '../support/on-each-transport.js'
import { documented } from './client.js'
import { connectionErrors } from './errors/connection.js'
import { contentErrors } from './errors/content.js'
import { faultErrors } from './errors/faults.js'
import { createPlace, type Produce } from './errors/place.js'
import { uploadErrors } from './errors/uploads.js'

const test = onEachTransport(t)

/** Codes that a transport has a part in: by each, a way to bring it about, which returns the code it was answered with. */
const WIRE: Readonly<Record<string, Produce>> = { ...connectionErrors, ...uploadErrors }
/** Codes that come from behind it. */
const BEHIND: Readonly<Record<string, Produce>> = { ...contentErrors, ...faultErrors }
let isFirst = true

test('every documented error code is produced by the documented means', async t => {
  const codes = documented('### Error codes').map(([code = '']) => code)
  t.ok(codes.length > 50, 'the document has its table')
  t.same(codes.sort(), Object.keys({ ...WIRE, ...BEHIND }).sort(), 'each code has a way here, and none is made up')
  const ways = isFirst ? { ...WIRE, ...BEHIND } : WIRE
  isFirst = false
  const place = await createPlace(t)
  for (const [code, way] of Object.entries(ways)) {
    await t.test(code, async t => {
      t.equal(await way(t, place), code)
    })
  }
})
