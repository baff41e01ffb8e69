import type { Bus } from '../../bus/bus.js'
import type { Clock } from '../../lib/clock.js'
import type { MediaTools } from '../../media/media-tools.js'
import type { Models } from '../../models/models.js'
import type { Blobs } from '../../storage/blobs.js'
import type { Store } from '../../storage/store.js'
import type { TextWork } from '../text-work/text-work.js'
import type { Log } from './log.js'

/** What processing works with. */
export interface ProcessingPorts {
  readonly store: Store
  readonly bus: Bus
  readonly blobs: Blobs
  readonly media: MediaTools
  readonly models: Models
  readonly text: TextWork
  readonly logger: Log
  readonly clock: Clock
  /** Frames a second that are looked at for objects. */
  readonly frameRate: number
}
