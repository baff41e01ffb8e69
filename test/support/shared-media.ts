import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** Files of users' troubles, by folder and name; undefined where they are not. */
export function sharedCase(path: string): string | undefined {
  const file = resolve('../shared/cases', path)
  return existsSync(file) ? file : undefined
}

/** The folder of model files that are not part of the project, and the reason to skip where it has not this one. */
export function sharedModel(name: string): { readonly skip: string | false; readonly folder: string } {
  const folder = resolve('../shared/models')
  const path = resolve(folder, name)
  return { folder, skip: existsSync(path) ? false : `${path} is not there` }
}

/** Options for a test that needs clips which are not part of the project: their paths, or the reason to skip. */
export function sharedMedia(...names: readonly string[]): {
  readonly skip: string | false
  readonly paths: readonly string[]
} {
  const paths = names.map(name => resolve('../shared/media', name))
  const absent = paths.find(path => !existsSync(path))
  return { paths, skip: absent === undefined ? false : `${absent} is not there` }
}
