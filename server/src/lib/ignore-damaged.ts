import { AppError } from './app-error.js'

/** The record, or undefined if it is damaged; the store has already reported that. */
export async function ignoreDamaged<T>(record: Promise<T>): Promise<T | undefined> {
  try {
    return await record
  } catch (error) {
    if (error instanceof AppError && error.code === 'record.damaged') return undefined
    throw error
  }
}
