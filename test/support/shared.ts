import { existsSync } from 'node:fs'
import type { Test } from 'tap'

/** A file of the shared test media, or undefined (and the test is skipped, saying so) where the folder is absent. */
export function sharedMedia(t: Test, name: string): string | undefined {
  const file = `../shared/media/${name}`
  if (existsSync(file)) return file
  t.skip(`${file} is not on this machine`)
  return undefined
}
