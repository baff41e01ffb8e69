import { setImmediate } from 'node:timers/promises'
import { createMemoryNotices } from '@cuewire/server/bus/memory-notices.js'
import { loadConfig } from '@cuewire/server/config/load.js'
import { AppError } from '@cuewire/server/lib/app-error.js'
import { Closers } from '@cuewire/server/lib/closers.js'
import { openParts } from '@cuewire/server/parts.js'
import { startWorker } from '@cuewire/server/worker.js'
import { pino } from 'pino'
import t from 'tap'
import { modelsOf } from '../support/models-of.js'
import { testFolder } from '../support/test-folder.js'

t.test('while a video is being sent the models are loaded, and one that is missing is no fault yet', async t => {
  const closers = new Closers()
  t.teardown(() => closers.close())
  const config = loadConfig({ CUEWIRE_DATA_DIR: testFolder(t), CUEWIRE_ROLE: 'worker' })
  const notices = createMemoryNotices()
  const parts = await openParts({ config, logger: pino({ level: 'silent' }), notices, queryThreads: 0, closers })
  const opened: string[] = []
  const missing = (name: string) => () => {
    opened.push(name)
    return Promise.reject(new AppError('model.missing', 'it is not installed in this test'))
  }
  const models = modelsOf({
    speech: missing('speech'),
    voiceActivity: missing('voiceActivity'),
    objects: missing('objects'),
  })
  closers.add(startWorker({ ...parts, models }))
  notices.send({ kind: 'queued' })
  await setImmediate()
  t.same(opened, [])
  notices.send({ kind: 'expected' })
  await setImmediate()
  t.same(opened, ['speech', 'voiceActivity', 'objects'])
})
