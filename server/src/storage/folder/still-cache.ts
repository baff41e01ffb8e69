import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Id } from '@cuewire/protocol'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { checkedId, checkedTenant } from '../blob-names.js'
import type { OfTenant } from '../of-tenant.js'
import type { StillCache, StillKey } from '../still-cache.js'
import { isAbandoned, isPart, writeWhole } from './write-whole.js'

/** Most files in the cache, however small. */
const MAX_FILES = 20_000

interface Entry {
  readonly bytes: number
  readonly usedMs: number
}

/** Stills as files of one folder, `<tenant>.<video>.<milliseconds>[.<track>].jpg`. */
export class FolderStillCache implements StillCache {
  /** By name, the least recently used first. */
  private entries = new Map<string, Entry>()
  private totalBytes = 0

  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /** Counts the files in the folder and removes partly written ones. */
  async open(): Promise<void> {
    const found: [string, Entry][] = []
    for (const name of (await ignoreMissing(readdir(this.folder))) ?? []) {
      if (isPart(name)) {
        if (isAbandoned(name)) await this.delete(name)
      } else {
        const file = await ignoreMissing(stat(join(this.folder, name)))
        if (file) found.push([name, { bytes: file.size, usedMs: file.mtimeMs }])
      }
    }
    if (found.length === 0) return
    this.entries = new Map([...this.entries, ...found].sort(([, one], [, other]) => one.usedMs - other.usedMs))
    this.totalBytes += found.reduce((sum, [, { bytes }]) => sum + bytes, 0)
    await this.evict()
  }

  async read(key: StillKey): Promise<Uint8Array | undefined> {
    const name = nameOf(key)
    const entry = this.entries.get(name)
    if (!entry) return undefined
    const now = new Date()
    this.entries.delete(name)
    this.entries.set(name, { ...entry, usedMs: now.getTime() })
    const path = join(this.folder, name)
    const bytes = await ignoreMissing(readFile(path))
    // Saved so that the time of last use survives a restart.
    if (bytes) await ignoreMissing(utimes(path, now, now))
    else this.drop(name)
    return bytes
  }

  async write(key: StillKey, jpeg: Uint8Array): Promise<void> {
    if (jpeg.byteLength > this.maxBytes) return
    const name = nameOf(key)
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await writeWhole(join(this.folder, name), jpeg)
    this.drop(name)
    this.entries.set(name, { bytes: jpeg.byteLength, usedMs: Date.now() })
    this.totalBytes += jpeg.byteLength
    await this.evict()
  }

  async removeAll(video: OfTenant<{ readonly videoId: Id }>): Promise<void> {
    const prefix = prefixOf(video)
    for (const name of [...this.entries.keys()].filter(name => name.startsWith(prefix))) {
      this.drop(name)
      await this.delete(name)
    }
  }

  private drop(name: string): void {
    this.totalBytes -= this.entries.get(name)?.bytes ?? 0
    this.entries.delete(name)
  }

  private async delete(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true })
  }

  private async evict(): Promise<void> {
    for (const name of this.entries.keys()) {
      if (this.totalBytes <= this.maxBytes && this.entries.size <= MAX_FILES) return
      this.drop(name)
      await this.delete(name)
    }
  }
}

function prefixOf({ tenant, videoId }: OfTenant<{ readonly videoId: Id }>): string {
  return `${checkedTenant(tenant)}.${checkedId(videoId)}.`
}

function nameOf(key: StillKey): string {
  const track = key.track === undefined ? '' : `.${key.track}`
  return `${prefixOf(key)}${key.atMs}${track}.jpg`
}
