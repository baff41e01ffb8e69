import { accessSync, constants, existsSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errorMessage } from '../lib/error-message.js'
import { ConfigError } from './config-error.js'

/** Creates the folder if it does not exist. Throws a ConfigError that names the setting if it is not writable. */
export function makeFolder(variable: string, path: string): void {
  try {
    makeWithParents(resolve(path))
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw new ConfigError([unusable(variable, path, error)])
  }
}

/** Not `recursive`, which never returns where a folder cannot hold others, such as `/proc`. */
function makeWithParents(path: string): void {
  if (existsSync(path)) return
  makeWithParents(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!existsSync(path)) throw error
  }
}

/** What is wrong with the folder a setting names; undefined if nothing is, or if it does not exist yet. */
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

/** The path itself if it exists, otherwise its nearest existing parent. */
function nearest(path: string): { readonly path: string; readonly isFolder: boolean } {
  const found = statIfThere(path)
  return found ? { path, isFolder: found.isDirectory() } : nearest(dirname(path))
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // The path goes through a file. Node 24 does not throw in that case.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  }
}

function unusable(variable: string, path: string, error: unknown): string {
  return `${variable}: ${path} cannot be used: ${errorMessage(error)}`
}
