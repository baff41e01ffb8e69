import { statfs } from 'node:fs/promises'
import { diskCheck } from '@cuewire/server/observability/disk.js'
import { createReadiness } from '@cuewire/server/observability/health.js'
import { pino } from 'pino'
import t from 'tap'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'

t.test('a disk with less room than the reserve makes the server unready, and says how much is left', async t => {
  const folder = testFolder(t)
  const { bsize, blocks } = await statfs(folder)
  const silent = pino({ level: 'silent' })
  t.match(await createReadiness([diskCheck(folder, 0)], silent)(), {
    ready: true,
    parts: [{ name: 'disk', ok: true, detail: /^[\d]+ MiB free$/ }],
  })
  t.match(await createReadiness([diskCheck(folder, bsize * blocks + 1)], silent)(), {
    ready: false,
    parts: [{ name: 'disk', ok: false, code: 'server.disk_full', detail: /^\d+ MiB free.* at least \d+/ }],
  })
})

t.test('a server tells of the disk its data are on', async t => {
  const { port } = await startServer(t)
  const response = await fetch(`http://127.0.0.1:${port}/readyz`)
  const { parts } = (await response.json()) as { parts: { name: string; ok: boolean }[] }
  t.match(
    parts.find(({ name }) => name === 'disk'),
    { ok: true, detail: /MiB free/ },
  )
})
