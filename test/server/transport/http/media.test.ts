import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { seedTenant } from '../../../support/seeded-tenant.js'
import { startServer } from '../../../support/server.js'
import { testFolder } from '../../../support/test-folder.js'

const test = onEachTransport(t)

test('a range beyond the file is refused with the size of the file', async t => {
  const dataDir = testFolder(t)
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'boats', jobState: 'completed' })
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir })
  const response = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/media`, {
    headers: { range: 'bytes=99-' },
  })
  t.equal(response.headers.get('content-range'), 'bytes */14')
  t.equal(response.headers.get('content-type'), 'application/problem+json')
  t.strictSame(await response.json(), {
    type: 'about:blank',
    title: 'http.range',
    status: 416,
    code: 'http.range',
    detail: 'The range is outside the file, which has 14 bytes.',
    retryable: false,
  })
})

test('a video whose file is gone from the disk says so, for the file and for pictures of it', async t => {
  const dataDir = testFolder(t)
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'boats', jobState: 'completed' })
  await rm(join(dataDir, 'tenants', 'default', 'videos', videoId, 'original'))
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir })
  for (const name of ['media', 'frames/1.5.jpg']) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/${name}`)
    t.match(
      await response.json(),
      { status: 500, code: 'record.damaged', detail: /^The stored file of the video is missing/, retryable: false },
      name,
    )
  }
})
