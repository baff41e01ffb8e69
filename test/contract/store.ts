import type { Clock } from '@cuewire/server/lib/clock.js'
import type { Store } from '@cuewire/server/storage/store.js'
import t, { type Test } from 'tap'
import { chatContract } from './store/chats.js'
import { contentContract } from './store/content.js'
import { damagedContract } from './store/damaged.js'
import { jobContract } from './store/jobs.js'
import { outcomeContract } from './store/outcomes.js'
import { searchContract } from './store/search.js'
import { uploadContract } from './store/uploads.js'
import { videoContract } from './store/videos.js'

/** Gives a test an empty store of its own, on the clock given, and closes it afterwards. */
export type StoreFactory = (t: Test, clock?: Clock) => Promise<Store>

/** What can be damaged: a row by its id, what a stage found by its position, the key of an outcome. */
export type Damageable =
  | ['video' | 'subtitles' | 'upload' | 'job' | 'checkpoint' | 'chat' | 'message' | 'outcome', string]
  | ['item' | 'label' | 'text', number]

/** Gives a test an empty store, and a way to make stored records unreadable behind its back. */
export type DamageableFactory = (
  t: Test,
  clock?: Clock,
) => Promise<{ readonly store: Store; readonly damage: (...what: Damageable) => void }>

/** What every implementation of the Store port must do. */
export function storeContract(name: string, openDamageable: DamageableFactory): void {
  const open: StoreFactory = async (test, clock) => (await openDamageable(test, clock)).store
  t.test(`${name}: videos`, test => videoContract(test, open))
  t.test(`${name}: uploads`, test => uploadContract(test, open))
  t.test(`${name}: jobs`, test => jobContract(test, open))
  t.test(`${name}: content`, test => contentContract(test, open))
  t.test(`${name}: search`, test => searchContract(test, open))
  t.test(`${name}: chats`, test => chatContract(test, open))
  t.test(`${name}: outcomes`, test => outcomeContract(test, open))
  t.test(`${name}: damaged records`, test => damagedContract(test, openDamageable))
  t.test(`${name}: closing twice is closing once, and a closed store refuses work`, async test => {
    const store = await open(test)
    await Promise.all([store.close(), store.close()])
    await test.rejects(store.videos.list({ limit: 1 }))
  })
}
