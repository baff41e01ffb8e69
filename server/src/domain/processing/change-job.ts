import type { JobWithVideo, Store } from '../../storage/store.js'
import { stateEvents } from './job-events.js'

/** Changes the state of a job and announces it in the same transaction. */
export function changeJob<T extends JobWithVideo | undefined>(
  store: Pick<Store, 'atomically'>,
  change: (store: Store) => Promise<T>,
): Promise<T> {
  return store.atomically(async changes => {
    const changed = await change(changes)
    if (changed) await changes.events.append(stateEvents(changed))
    return changed
  })
}
