import { chmodSync, closeSync, openSync } from 'node:fs'

/** Makes sure the file exists and that only its owner may read it; SQLite gives its side files the same mode. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}
