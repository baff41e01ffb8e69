import t from 'tap'
import { seedTenant } from '../../support/seeded-tenant.js'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'

t.test('a gateway stays ready without a worker, and tells of the jobs that wait for one', async t => {
  const dataDir = testFolder(t)
  await seedTenant(dataDir, 'default', { word: 'boats', jobState: 'queued' })
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir, CUEWIRE_ROLE: 'gateway' })
  const { parts } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as { parts: { name: string }[] }
  t.strictSame(
    parts.find(({ name }) => name === 'worker'),
    {
      name: 'worker',
      ok: true,
      detail: '1 job waits, and no worker runs one: start one with: npm run cuewire -- serve --role worker',
    },
  )
})
