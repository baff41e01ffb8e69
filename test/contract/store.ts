import type { Clock } from '@cuewire/server/lib/clock.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import type { Store } from '@cuewire/server/storage/store.js'
import t, { type Test } from 'tap'
import { chatContract } from './store/chats.js'
import { contentContract } from './store/content.js'
import { damagedContract } from './store/damaged.js'
import { isolationContract } from './store/isolation.js'
import { jobContract } from './store/jobs.js'
import { outcomeContract } from './store/outcomes.js'
import { queueContract } from './store/queue.js'
import { removalContract } from './store/removals.js'
import { searchContract } from './store/search.js'
import { uploadContract } from './store/uploads.js'
import { vectorContract } from './store/vectors.js'
import { videoContract } from './store/videos.js'

/** The store of one tenant, and that of the server. */
export interface TenantStore extends Store {
  readonly tenant: string
  readonly server: ServerStore
}

/** Gives a test an empty store of its own, on the clock given, and closes it afterwards. */
export type StoreFactory = (t: Test, clock?: Clock) => Promise<TenantStore>

/** What can be damaged: a row by its id, what a stage found by its position, the key of an outcome. */
export type Damageable =
  | ['video' | 'subtitles' | 'upload' | 'job' | 'checkpoint' | 'chat' | 'message' | 'outcome', string]
  | ['item' | 'text', number]

/** Opens an empty store for a test, with a way to make stored records unreadable behind its back. */
export type OpenServerStore = (
  t: Test,
  clock?: Clock,
) => Promise<{ readonly server: ServerStore; readonly damage: (...what: Damageable) => void }>

/** The same for one tenant. */
export type DamageableFactory = (
  t: Test,
  clock?: Clock,
) => Promise<{ readonly store: TenantStore; readonly damage: (...what: Damageable) => void }>

/** What reading content and searching must do. */
export function readContract(name: string, openServer: OpenServerStore): void {
  const open: StoreFactory = async (test, clock) => {
    const { server } = await openServer(test, clock)
    return { ...server.for('acme'), tenant: 'acme', server }
  }
  t.test(`${name}: content`, test => contentContract(test, open))
  t.test(`${name}: search`, test => searchContract(test, open))
  t.test(`${name}: vectors`, test => vectorContract(test, open))
}

/** What every implementation of the store must do. */
export function storeContract(name: string, openServer: OpenServerStore): void {
  const openDamageable: DamageableFactory = async (test, clock) => {
    const { server, damage } = await openServer(test, clock)
    const tenant = 'acme'
    return { store: { ...server.for(tenant), tenant, server }, damage }
  }
  const open: StoreFactory = async (test, clock) => (await openDamageable(test, clock)).store
  t.test(`${name}: videos`, test => videoContract(test, open))
  t.test(`${name}: uploads`, test => uploadContract(test, open))
  t.test(`${name}: jobs`, test => jobContract(test, open))
  t.test(`${name}: queue`, test => queueContract(test, open))
  readContract(name, openServer)
  t.test(`${name}: chats`, test => chatContract(test, open))
  t.test(`${name}: outcomes`, test => outcomeContract(test, open))
  t.test(`${name}: removals`, test => removalContract(test, open))
  t.test(`${name}: damaged records`, test => damagedContract(test, openDamageable))
  t.test(`${name}: isolation`, test =>
    isolationContract(test, async (inner, clock) => (await openServer(inner, clock)).server),
  )
  t.test(`${name}: closing twice is closing once, and a closed store refuses work`, async test => {
    const { server, videos } = await open(test)
    test.equal(await server.check(), undefined)
    await Promise.all([server.close(), server.close()])
    await test.rejects(videos.list({ limit: 1 }))
    await test.rejects(server.check())
  })
}
