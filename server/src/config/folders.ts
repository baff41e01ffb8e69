import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigError } from './config-error.js'

/** Makes the folder if need be; a ConfigError names the setting of one that cannot be written. */
export function makeFolder(variable: string, path: string): void {
  try {
    makeWithParents(resolve(path))
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw new ConfigError([unusable(variable, path, error)])
  }
}

/** Step by step: `recursive` never comes back where a folder takes no others, as `/proc` does. */
function makeWithParents(path: string): void {
  if (existsSync(path)) return
  makeWithParents(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error
  }
}

/** What is wrong with a folder that a setting names; one that is not there yet is fine. */
export function folderFault(variable: string, path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found && !found.isDirectory() ? `${variable}: ${path} is not a folder` : undefined
  } catch (error) {
    return unusable(variable, path, error)
  }
}

function unusable(variable: string, path: string, error: unknown): string {
  return `${variable}: ${path} cannot be used: ${error instanceof Error ? error.message : error}`
}
