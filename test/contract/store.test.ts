import { join } from 'node:path'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { storeContract } from './store.js'

storeContract('SQLite', async (t, clock) => {
  const store = await openSqliteStore({ file: join(t.testdir(), 'cuewire.db'), ...(clock && { clock }) })
  t.teardown(() => store.close())
  return store
})
