import { setImmediate } from 'node:timers/promises'
import type { Id, KindItem, KindName } from '@cuewire/protocol'
import type { ContentQuery, ContentStore } from '../../storage/store.js'

type Which = Omit<ContentQuery, 'limit' | 'cursor'>

/** Items per page. Parsing and checking a page blocks the event loop for a millisecond or two. */
const PAGE_SIZE = 50

/** The items of a kind, read page by page; other work gets its turn between them, as the store itself never waits. */
export async function* itemsOf<K extends KindName>(
  content: ContentStore,
  videoId: Id,
  kind: K,
  which: Which = {},
): AsyncGenerator<KindItem<K>> {
  let cursor: string | undefined
  for (;;) {
    const page = await content.list(videoId, kind, { ...which, limit: PAGE_SIZE, cursor })
    yield* page.items
    if (page.next === undefined) return
    cursor = page.next
    await setImmediate()
  }
}

/** All items of a kind, at once: for kinds of which a video has few. */
export async function allItems<K extends KindName>(
  content: ContentStore,
  videoId: Id,
  kind: K,
  which: Which = {},
): Promise<KindItem<K>[]> {
  const items: KindItem<K>[] = []
  for await (const item of itemsOf(content, videoId, kind, which)) items.push(item)
  return items
}
