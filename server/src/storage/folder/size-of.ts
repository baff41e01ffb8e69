import { stat } from 'node:fs/promises'
import { ignoreMissing } from '../../lib/ignore-missing.js'

/** Bytes of a file; undefined when there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await ignoreMissing(stat(path)))?.size
}
