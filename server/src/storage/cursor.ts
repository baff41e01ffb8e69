import { AppError } from '../lib/app-error.js'
import type { Page } from './store.js'

type Key = string | number

/**
 * Encodes a position in a list: the name of the list and the sort keys of the last row returned, as base64url of JSON.
 */
export function encodeCursor(list: string, keys: readonly Key[]): string {
  return Buffer.from(JSON.stringify([list, ...keys])).toString('base64url')
}

/**
 * Decodes the sort keys in a cursor, one for each of `types`. Throws `cursor.invalid` if it was not made for this list.
 */
export function decodeCursor(list: string, types: readonly ('string' | 'number')[], cursor: string): Key[] {
  const [name, ...keys] = parse(cursor)
  const fits = (key: unknown, i: number): key is Key => typeof key === types[i]
  if (name !== list || keys.length !== types.length || !keys.every(fits)) throw invalid()
  return keys
}

/**
 * Most text of a page's rows, in UTF-16 code units, except that a page holds at least one row. Parsing and checking that
 * much blocks the event loop for some two milliseconds.
 */
const MAX_PAGE_TEXT = 256 * 1024

/**
 * A page of at most `limit` items, and of fewer if they are large. `rows` were read with a limit one higher; rows without
 * an item are left out.
 */
export function toPage<R extends object, T>(
  rows: readonly R[],
  limit: number,
  { item, cursor }: { item: (row: R) => T | undefined; cursor: (row: R) => string },
): Page<T> {
  const shown = rows.slice(0, Math.min(limit, fitting(rows)))
  const last = shown.at(-1)
  const items = shown.map(item).filter(value => value !== undefined)
  return { items, next: rows.length > shown.length && last !== undefined ? cursor(last) : undefined }
}

/** Number of rows whose text fits into a page. */
function fitting(rows: readonly object[]): number {
  let text = 0
  const tooMuch = rows.findIndex((row, at) => {
    for (const value of Object.values(row)) if (typeof value === 'string') text += value.length
    return text > MAX_PAGE_TEXT && at > 0
  })
  return tooMuch < 0 ? rows.length : tooMuch
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalid()
}

const invalid = () =>
  new AppError(
    'cursor.invalid',
    'The cursor is not from this list; use the nextCursor of the page before, or leave it out.',
  )
