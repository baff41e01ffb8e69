import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t from 'tap'
import { testFolder } from '../support/test-folder.js'
import { eventContract } from './store/events.js'
import { type Damageable, type OpenServerStore, readContract, storeContract } from './store.js'

/** What makes a record unreadable: its JSON is cut short, or a value is none that there is. */
const DAMAGE: Readonly<Record<Damageable[0], string>> = {
  video: `update videos set media = '{' where id = ?`,
  subtitles: `update videos set subtitles = '{' where id = ?`,
  upload: `update uploads set created_at = 'yesterday' where video_id = ?`,
  job: `update jobs set stages = '[{"name":"probe","state":"running","elapsedMs":-2000}]' where id = ?`,
  checkpoint: `update checkpoints set data = '{' where job_id = ?`,
  item: `update items set data = '{' where position = ?`,
  text: `update texts set modality = 'smell' where result_id is not null and position = ?`,
  chat: `update chats set video_ids = '["x"]' where id = ?`,
  message: `update messages set role = 'nobody' where id = ?`,
  outcome: `update outcomes set outcome = '7' where key = ?`,
}

/** Of the processes that share the database, this one included, only `living` is alive. */
const processes = { id: 'mine', isDead: (id: string) => id !== 'living' }

const openWith =
  (queryThreads: number): OpenServerStore =>
  async (t, clock) => {
    // A test may open several stores; its folder would be emptied for each.
    const folder = await mkdtemp(join(tmpdir(), 'cuewire-store-'))
    const file = join(folder, 'cuewire.db')
    const server = await openSqliteStore({ file, ...(clock && { clock }), processes, queryThreads })
    const raw = new Database(file)
    t.teardown(async () => {
      raw.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    })
    return {
      server,
      damage: (kind, id) => {
        if (raw.prepare(DAMAGE[kind]).run(id).changes === 0) throw new Error(`there is no ${kind} ${id}`)
      },
    }
  }

storeContract('SQLite', openWith(0))
readContract('SQLite, read by a thread', openWith(1))

t.test('SQLite: events', test =>
  eventContract(test, async (t, retention, clock) => {
    const store = await openSqliteStore({ file: join(testFolder(t), 'cuewire.db'), retention, clock })
    t.teardown(() => store.close())
    return store
  }),
)
