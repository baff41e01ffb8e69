import type { Page, PageRequest } from '../../storage/store.js'

const DEFAULT_PAGE_SIZE = 50

/** Converts paging params to those of the store. */
export function pageOf({ limit = DEFAULT_PAGE_SIZE, cursor }: { limit?: number; cursor?: string }): PageRequest {
  return { limit, ...(cursor !== undefined && { cursor }) }
}

/** The `nextCursor` of a reply; absent on the last page. */
export function nextOf({ next }: Page<unknown>): { nextCursor?: string } {
  return next === undefined ? {} : { nextCursor: next }
}
