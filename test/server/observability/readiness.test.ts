import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createReadiness } from '@cuewire/server/observability/health.js'
import { pino } from 'pino'
import t from 'tap'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'

const silent = pino({ level: 'silent' })

t.test(
  'those who ask at the same time share one look at each part, and so do those who come shortly after',
  async t => {
    let looks = 0
    let finish: (() => void) | undefined
    let accepting = true
    const readiness = createReadiness(
      [
        {
          name: 'accepting',
          immediate: true,
          check: async () => {
            if (!accepting) throw new Error('no longer')
            return undefined
          },
        },
        {
          name: 'store',
          check: async () => {
            looks++
            await new Promise<void>(resolve => {
              finish = resolve
            })
            return `look ${looks}`
          },
        },
      ],
      silent,
    )
    const asked = Promise.all(Array.from({ length: 100 }, () => readiness()))
    finish?.()
    for (const state of await asked) {
      t.strictSame(state, {
        ready: true,
        parts: [
          { name: 'accepting', ok: true },
          { name: 'store', ok: true, detail: 'look 1' },
        ],
      })
    }
    accepting = false
    const state = await readiness()
    t.match(
      state,
      { ready: false, parts: [{ ok: false }, { ok: true, detail: 'look 1' }] },
      'what is free is always asked',
    )
    while (looks === 1) {
      await new Promise(resolve => setTimeout(resolve, 20))
      void readiness()
    }
    finish?.()
    t.match(await readiness(), { parts: [{}, { detail: 'look 2' }] }, 'no answer stands for good')
  },
)

t.test('a tenant whose data cannot be opened makes the server unready until they can', async t => {
  const dataDir = testFolder(t)
  const broken = join(dataDir, 'tenants', 'secret-customer')
  await mkdir(broken, { recursive: true })
  await writeFile(join(broken, 'cuewire.db'), 'this is no database\n'.repeat(100))
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir, CUEWIRE_LOG_LEVEL: 'silent' })
  const part = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`)
    const text = await response.text()
    t.notMatch(text, 'secret-customer')
    const { parts } = JSON.parse(text) as { parts: { name: string; ok: boolean }[] }
    return { status: response.status, ...parts.find(({ name }) => name === 'tenants') }
  }
  t.match(await part(), {
    status: 503,
    ok: false,
    code: 'server.internal',
    detail: /data of 1 tenant\(s\) cannot be opened/,
  })

  await rm(join(broken, 'cuewire.db'))
  while (!(await part()).ok) await new Promise(resolve => setTimeout(resolve, 200))
})
