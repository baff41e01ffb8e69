import { AppError } from './app-error.js'
import type { Awaitable } from './awaitable.js'

/** The record that is read, or undefined if it is damaged; the store has already reported that. */
export async function ignoreDamaged<T>(read: () => Awaitable<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof AppError && error.code === 'record.damaged') return undefined
    throw error
  }
}
