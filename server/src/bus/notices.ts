import type { Delivery, EventName, Id, Topic } from '@cuewire/protocol'

/** Best-effort messages between the processes of a server. A lost notice causes a delay, never a loss. */
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
  /** Sends to every process, including the sender's own listeners. Never blocks or throws. */
  send(notice: Notice): void
  listen(listener: (notice: Notice) => void): void
  close(): Promise<void>
}
