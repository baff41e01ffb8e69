import { setTimeout as sleep } from 'node:timers/promises'
import { type KindItem, type KindName, kindOf, LIMITS } from '@cuewire/protocol'
import type { JobContext } from './stage.js'

/** How often a stage looks for new items of a kind that another stage is finding. */
const POLL_MS = 100

/**
 * Items of a kind in order, including those this job is still finding. Ends when the stage that finds them has ended.
 */
export async function* liveItems<K extends KindName>(
  { store, videoId, jobId, ended }: Pick<JobContext, 'store' | 'videoId' | 'jobId' | 'ended'>,
  kind: K,
  signal: AbortSignal,
): AsyncGenerator<KindItem<K>> {
  let isWhole = false
  const end = ended(kind).then(() => {
    isWhole = true
  })
  let after: number | undefined
  for (;;) {
    signal.throwIfAborted()
    // Read the flag first: if it is set, the following read gets all items, no longer from a draft.
    const isLast = isWhole
    const query = { after, limit: LIMITS.pageSize, ...(!isLast && { draftOf: jobId }) }
    const { items, next } = await store.content.list(videoId, kind, query)
    for (const item of items) {
      yield item
      after = kindOf(kind).position(item, 0)
    }
    if (isLast && next === undefined) return
    if (items.length === 0) await Promise.race([end, sleep(POLL_MS, undefined, { signal })])
  }
}
