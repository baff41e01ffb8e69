import type { Page, PageRequest } from '../../storage/store.js'

const DEFAULT_PAGE_SIZE = 50

/** Wire paging to the store's. */
export function pageOf({ limit = DEFAULT_PAGE_SIZE, cursor }: { limit?: number; cursor?: string }): PageRequest {
  return { limit, ...(cursor !== undefined && { cursor }) }
}

/** The store's cursor as the wire has it: absent on the last page. */
export function nextOf({ next }: Page<unknown>): { nextCursor?: string } {
  return next === undefined ? {} : { nextCursor: next }
}
