import { AppError } from './app-error.js'

/** The result of reading a record, or undefined when it is damaged; the store has reported that. */
export async function ignoreDamaged<T>(record: Promise<T>): Promise<T | undefined> {
  try {
    return await record
  } catch (error) {
    if (error instanceof AppError && error.code === 'record.damaged') return undefined
    throw error
  }
}
