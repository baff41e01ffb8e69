import { readFileSync } from 'node:fs'
import { SettingError } from '../../lib/setting-error.js'

/** Reads the public keys of a PEM file. Throws a SettingError if there is none. */
export function readPublicKeys(file: string): string[] {
  const keys = read(file).match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g)
  if (!keys) throw new SettingError(`CUEWIRE_JWT_PUBLIC_KEY_FILE: ${file} holds no "-----BEGIN PUBLIC KEY-----"`)
  return keys
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new SettingError(`CUEWIRE_JWT_PUBLIC_KEY_FILE: ${file} cannot be read`, { cause: error })
  }
}
