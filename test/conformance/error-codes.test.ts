import t from 'tap'
import { documented } from './client.js'
import { connectionErrors } from './errors/connection.js'
import { contentErrors } from './errors/content.js'
import { createPlace, type Produce } from './errors/place.js'
import { uploadErrors } from './errors/uploads.js'

/** By error code: a way to bring it about. Each returns the code it was answered with. */
const WAYS: Readonly<Record<string, Produce>> = { ...connectionErrors, ...uploadErrors, ...contentErrors }

/** Codes that no client can bring about by itself, and why. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  'server.internal': 'a fault of the server that it does not foresee',
  'stage.failed': 'the cause of a failed job: a worker that breaks, which no input is known to bring about',
  'model.missing': 'the reason of a skipped stage and of `cuewire models pull`; no command is answered with it',
  'model.corrupt': 'the reason of a skipped stage and of `cuewire models pull`; no command is answered with it',
}

t.test('every documented error code is produced by a client, or is listed as out of its reach', async t => {
  const codes = documented('### Error codes').map(([code = '']) => code)
  t.ok(codes.length > 50, 'the document has its table')
  t.same(
    codes.filter(code => !(code in WAYS) && !(code in OUT_OF_REACH)),
    [],
    'a new code needs a way here',
  )
  t.same(
    [...Object.keys(WAYS), ...Object.keys(OUT_OF_REACH)].filter(code => !codes.includes(code)),
    [],
    'none is made up',
  )
  const place = await createPlace(t)
  for (const code of codes) {
    const produce = WAYS[code]
    if (!produce) continue
    await t.test(code, async t => {
      t.equal(await produce(t, place), code)
    })
  }
})
