import { join } from 'node:path'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { storeContract } from './store.js'

storeContract('SQLite', async t => {
  const store = await openSqliteStore({ file: join(t.testdir(), 'cuewire.db') })
  t.teardown(() => store.close())
  return store
})
