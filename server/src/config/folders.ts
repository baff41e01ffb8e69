import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigError } from './config-error.js'

/** Makes the folder if need be; a ConfigError names the setting of one that cannot be written. */
export function makeFolder(variable: string, path: string): void {
  checkFolder(variable, path)
  try {
    makeWithParents(resolve(path))
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw unusable(variable, path, error)
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

/** A ConfigError when something else than a folder is there; nothing at all is fine. */
export function checkFolder(variable: string, path: string): void {
  let found: ReturnType<typeof statSync>
  try {
    found = statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw unusable(variable, path, error)
  }
  if (found && !found.isDirectory()) throw new ConfigError([`${variable}: ${path} is not a folder`])
}

function unusable(variable: string, path: string, error: unknown): ConfigError {
  return new ConfigError([`${variable}: ${path} cannot be used: ${error instanceof Error ? error.message : error}`])
}
