import type { Id } from '@cuewire/protocol'
import type { OfTenant } from './of-tenant.js'

/** Key of the picture of a video at a time. `track`: number of its stream, if that is not simply the first. */
export type StillKey = OfTenant<{ readonly videoId: Id; readonly atMs: number; readonly track?: number | undefined }>

/** A cache of pictures of all tenants, which can be made again. Evicts the least recently used when it is full. */
export interface StillCache {
  /** Loads the pictures cached before a restart. Call once, before the first read. */
  open(): Promise<void>
  read(key: StillKey): Promise<Uint8Array | undefined>
  write(key: StillKey, jpeg: Uint8Array): Promise<void>
  /** Removes the pictures of a video. */
  removeAll(video: OfTenant<{ readonly videoId: Id }>): Promise<void>
}
