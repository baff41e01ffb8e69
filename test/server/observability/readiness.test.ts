import { createReadiness } from '@cuewire/server/observability/health.js'
import { pino } from 'pino'
import t from 'tap'

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
