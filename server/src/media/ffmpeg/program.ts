import { AppError } from '../../lib/app-error.js'
import { type ProgramVersion, parseVersion } from './program-version.js'
import { readText } from './read-text.js'
import { runChild } from './run-child.js'

const TIMEOUT_MS = 10_000
const MAX_VERSION_BYTES = 64 * 1024

export type ProgramName = 'ffmpeg' | 'ffprobe'

/** A program that ran and reported its version. */
export interface Program {
  readonly name: ProgramName
  readonly path: string
  readonly version: ProgramVersion
  /** Why this one was chosen, for people. */
  readonly why: string
}

/** Runs a program for its version. Throws if it is missing, not executable, or a different program. */
export async function readVersion(name: ProgramName, path: string): Promise<ProgramVersion> {
  const { value, exit } = await runChild(path, ['-version'], {
    timeoutMs: TIMEOUT_MS,
    pipes: 1,
    read: ([pipe]) => readText(pipe, MAX_VERSION_BYTES),
  })
  const version = exit.code === 0 ? parseVersion(name, value) : undefined
  if (!version) throw new AppError('server.internal', `${path} does not identify itself as ${name}.`)
  return version
}

/** The setting that names a program. */
export const settingOf = (name: ProgramName): string => `${name.toUpperCase()}_PATH`
