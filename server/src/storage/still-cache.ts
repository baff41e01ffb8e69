import type { Id } from '@cuewire/protocol'
import type { OfTenant } from './of-tenant.js'

/** Names the picture of a video at a time. */
export type StillKey = OfTenant<{ readonly videoId: Id; readonly atMs: number }>

/** Pictures that can be made again, of all tenants. The least recently used are removed when they take too much room. */
export interface StillCache {
  /** Takes over the pictures from before a restart; call it once, before the first is read. */
  open(): Promise<void>
  read(key: StillKey): Promise<Uint8Array | undefined>
  write(key: StillKey, jpeg: Uint8Array): Promise<void>
  /** Removes the pictures of a video. */
  removeAll(video: OfTenant<{ readonly videoId: Id }>): Promise<void>
}
