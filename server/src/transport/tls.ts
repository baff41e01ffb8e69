import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { SettingError } from '../lib/setting-error.js'

/** PEM files of the certificate with its chain and of its key. */
export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** Checks the files first, because uWebSockets.js does not say what is wrong with them. Throws a SettingError. */
export function checkTlsFiles({ certFile, keyFile }: TlsFiles): void {
  const cert = read('CUEWIRE_TLS_CERT_FILE', certFile)
  const key = read('CUEWIRE_TLS_KEY_FILE', keyFile)
  attempt(`CUEWIRE_TLS_CERT_FILE: ${certFile} holds no certificate`, () => createSecureContext({ cert }))
  attempt(`CUEWIRE_TLS_KEY_FILE: ${keyFile} is not the key of the certificate`, () =>
    createSecureContext({ cert, key }),
  )
}

function read(setting: string, file: string): Buffer {
  return attempt(`${setting}: ${file} cannot be read`, () => readFileSync(file))
}

function attempt<T>(fault: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw new SettingError(fault, { cause })
  }
}
