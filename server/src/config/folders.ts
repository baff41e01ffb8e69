import { accessSync, constants, existsSync, mkdirSync, type Stats, statSync } from 'node:fs'
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
    const there = nearest(resolve(path))
    if (there.isFolder) return undefined
    if (there.path === resolve(path)) return `${variable}: ${path} is not a folder`
    return `${variable}: ${path} cannot be used: ${there.path} is not a folder`
  } catch (error) {
    return unusable(variable, path, error)
  }
}

/** What is at the path, or at the nearest one above it where something is. */
function nearest(path: string): { readonly path: string; readonly isFolder: boolean } {
  const found = statIfThere(path)
  return found ? { path, isFolder: found.isDirectory() } : nearest(dirname(path))
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // Below a file. Node 24 does not throw then.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  }
}

function unusable(variable: string, path: string, error: unknown): string {
  return `${variable}: ${path} cannot be used: ${error instanceof Error ? error.message : error}`
}
