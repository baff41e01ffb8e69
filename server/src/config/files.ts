import { readFileSync } from 'node:fs'
import { errorMessage } from '../lib/error-message.js'
import { type Config, variableOf } from './schema.js'

const FILES = ['jwtPublicKeyFile', 'tlsCertFile', 'tlsKeyFile'] as const

/**
 * One fault for each file that a setting names and that cannot be read. The contents are checked when they are used.
 */
export function unreadableFiles(values: Readonly<Partial<Record<keyof Config, unknown>>>): string[] {
  return FILES.flatMap(name => {
    const file = values[name]
    if (typeof file !== 'string' || file === '') return []
    try {
      readFileSync(file)
      return []
    } catch (error) {
      return `${variableOf(name)}: ${file} cannot be read: ${errorMessage(error)}`
    }
  })
}
