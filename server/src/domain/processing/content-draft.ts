import { eventsOf, type Id, type KindItem, type KindName } from '@cuewire/protocol'
import type { EventDraft } from '../../storage/event-log.js'
import type { Store } from '../../storage/store.js'
import type { TimelineEvents } from './timeline-events.js'

interface DraftScope {
  readonly store: Store
  readonly videoId: Id
  readonly jobId: Id
  readonly timeline: TimelineEvents
}

type Save = (state: unknown, store: Store) => Promise<void>

/** Results of a stage for one kind: stored, searchable and announced in one transaction. */
export class ContentDraft<K extends KindName> {
  constructor(
    private readonly kind: K,
    private readonly job: DraftScope,
    private readonly save: Save,
  ) {}

  /** Opens the draft, or continues it after a crash. */
  async begin(): Promise<void> {
    const { store, videoId, jobId } = this.job
    await store.content.begin(videoId, this.kind, jobId)
  }

  /** Adds items, and saves the checkpoint `state`, if any, with them. */
  async add(items: readonly KindItem<K>[], state?: unknown): Promise<void> {
    const { store, videoId, jobId } = this.job
    await store.atomically(async changes => {
      if (items.length > 0) {
        await changes.content.add(videoId, this.kind, jobId, items)
        await changes.events.append(this.#events(items))
      }
      if (state !== undefined) await this.save(state, changes)
    })
    if (items.length > 0) await this.job.timeline.grew()
  }

  /** Replaces the items of the draft, without an event. */
  async replace(items: readonly KindItem<K>[]): Promise<void> {
    const { store, videoId, jobId } = this.job
    await store.content.replace(videoId, this.kind, jobId, items)
    await this.job.timeline.grew()
  }

  /** Makes the draft the result that readers see. */
  async complete(): Promise<void> {
    const { store, videoId, jobId } = this.job
    await store.content.complete(videoId, this.kind, jobId)
    await this.job.timeline.announce()
  }

  /** Makes these items the result and announces them in one transaction. For a kind whose event is `whole`. */
  async completeWith(items: readonly KindItem<K>[]): Promise<void> {
    const { store, videoId, jobId } = this.job
    await store.atomically(async changes => {
      await changes.content.replace(videoId, this.kind, jobId, items)
      await changes.content.complete(videoId, this.kind, jobId)
      await changes.events.append(this.#events(items))
    })
    await this.job.timeline.announce()
  }

  #events(items: readonly KindItem<K>[]): EventDraft[] {
    const { videoId } = this.job
    return eventsOf(this.kind, videoId, items).map(({ topic, ...event }) => ({
      topic: `${topic}/${videoId}`,
      ...event,
    }))
  }
}
