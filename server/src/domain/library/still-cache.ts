import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ignoreMissing } from '../../lib/ignore-missing.js'

interface CacheLimits {
  readonly bytes: number
  readonly files: number
}

interface Entry {
  readonly bytes: number
  readonly usedMs: number
}

const PART = '.part'

/** Files that can be made again, on disk. The least recently used are removed when they take too much room. */
export class StillCache {
  /** By path, the least recently used first. */
  private entries = new Map<string, Entry>()
  private totalBytes = 0
  private writes = 0

  constructor(private readonly limits: CacheLimits) {}

  /** Counts the files that a folder holds from before, and removes what was half written. */
  async adopt(folder: string): Promise<void> {
    const found: [string, Entry][] = []
    for (const name of (await ignoreMissing(readdir(folder))) ?? []) {
      const path = join(folder, name)
      if (name.endsWith(PART)) await rm(path)
      else {
        const { size, mtimeMs } = await stat(path)
        found.push([path, { bytes: size, usedMs: mtimeMs }])
      }
    }
    if (found.length === 0) return
    this.entries = new Map([...this.entries, ...found].sort(([, one], [, other]) => one.usedMs - other.usedMs))
    this.totalBytes += found.reduce((sum, [, { bytes }]) => sum + bytes, 0)
    await this.evict()
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const entry = this.entries.get(path)
    if (!entry) return undefined
    const now = new Date()
    this.entries.delete(path)
    this.entries.set(path, { ...entry, usedMs: now.getTime() })
    const bytes = await ignoreMissing(readFile(path))
    // The time of its last use outlives a restart.
    if (bytes) await ignoreMissing(utimes(path, now, now))
    else this.drop(path)
    return bytes
  }

  /** Writes a file, and its folder where it is missing. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength > this.limits.bytes) return
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const part = `${path}.${++this.writes}${PART}`
    try {
      await writeFile(part, bytes, { mode: 0o600 })
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    this.drop(path)
    this.entries.set(path, { bytes: bytes.byteLength, usedMs: Date.now() })
    this.totalBytes += bytes.byteLength
    await this.evict()
  }

  /** Removes the files whose paths begin so. */
  async remove(prefix: string): Promise<void> {
    for (const path of [...this.entries.keys()].filter(path => path.startsWith(prefix))) {
      this.drop(path)
      await rm(path, { force: true })
    }
  }

  private drop(path: string): void {
    this.totalBytes -= this.entries.get(path)?.bytes ?? 0
    this.entries.delete(path)
  }

  private async evict(): Promise<void> {
    for (const path of this.entries.keys()) {
      if (this.totalBytes <= this.limits.bytes && this.entries.size <= this.limits.files) return
      this.drop(path)
      await rm(path, { force: true })
    }
  }
}
