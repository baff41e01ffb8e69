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

/** A page of at most `limit` items. `rows` were read with a limit one higher; rows without an item are left out. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  { item, cursor }: { item: (row: R) => T | undefined; cursor: (row: R) => string },
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const items = shown.map(item).filter(value => value !== undefined)
  return { items, next: rows.length > limit && last !== undefined ? cursor(last) : undefined }
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
