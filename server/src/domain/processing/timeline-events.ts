import type { Id } from '@cuewire/protocol'
import type { Bus } from '../../bus/bus.js'
import type { Clock } from '../../lib/clock.js'
import type { Store } from '../../storage/store.js'
import { laneSizes } from '../navigation/timeline.js'

const INTERVAL_MS = 1000

interface TimelineEventsOptions {
  readonly videoId: Id
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
}

/** Announces how much the lanes of a video's timeline hold while a job fills them. */
export class TimelineEvents {
  #announcedAt = Number.NEGATIVE_INFINITY

  constructor(private readonly options: TimelineEventsOptions) {}

  /** Content was written; announced at most once a second. */
  async grew(): Promise<void> {
    if (this.options.clock.elapsed() - this.#announcedAt >= INTERVAL_MS) await this.announce()
  }

  async announce(): Promise<void> {
    const { videoId, store, bus, clock } = this.options
    this.#announcedAt = clock.elapsed()
    bus.publish(`video/${videoId}`, 'content.timeline', { videoId, lanes: await laneSizes(store, videoId) })
  }
}
