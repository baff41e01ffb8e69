import type { SubscriptionItem } from '@cuewire/client'

/** What a subscription's item is about, briefly: its number, `gap:<seq>`, or the data of an event without a number. */
export const brief = (item: SubscriptionItem): unknown => {
  if (item.type === 'gap') return `gap:${item.seq}`
  return item.seq ?? item.data
}

/** The next `count` items, briefly. */
export async function take(items: AsyncIterator<SubscriptionItem, undefined>, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  while (taken.length < count) {
    const { done, value } = await items.next()
    if (done) break
    taken.push(brief(value))
  }
  return taken
}
