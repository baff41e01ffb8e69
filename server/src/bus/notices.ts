import type { Delivery, EventName, Id, Topic } from '@cuewire/protocol'

/** What the processes of a server tell each other in passing. A lost notice delays something; it never loses anything. */
export type Notice =
  /** Events were written to the log. */
  | { readonly kind: 'log' }
  /** A job waits. */
  | { readonly kind: 'queued' }
  /** A job is no longer to be run. */
  | { readonly kind: 'cancelled'; readonly tenant: string; readonly jobId: Id }
  /** An event that is not in the log. */
  | {
      readonly kind: 'published'
      readonly tenant: string
      readonly topic: Topic
      readonly type: EventName
      readonly delivery: Delivery
      /** A newer `latest` event of the same topic and key replaces this one. */
      readonly key: string | undefined
      /** The event frame as JSON. */
      readonly frame: string
    }

/** Carries notices between everything that belongs to one server. */
export interface Notices {
  /** Tells everybody, the sender's own listeners too; never waits, and never throws. */
  send(notice: Notice): void
  listen(listener: (notice: Notice) => void): void
  close(): Promise<void>
}
