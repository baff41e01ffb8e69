import type { Delivery, EventName, Id, Topic } from '@cuewire/protocol'

/** Best-effort messages between the processes of a server. A lost notice causes a delay, never a loss. */
export type Notice =
  /** Events were written to the log. */
  | { readonly kind: 'log' }
  /** A video is being sent, so a job comes soon. */
  | { readonly kind: 'expected' }
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

/**
 * Carries notices between all processes of one server. Each listener hears a notice once; the notices of one sender arrive in
 * the order they were sent, though some may be missing. A process that dies, or stands still, disturbs no other.
 */
export interface Notices {
  /**
   * Sends to every process that listens now, including the sender's own listeners. Never blocks or throws: what a process
   * does not take is dropped for it once a bounded amount waits. Processes that are there already hear a new one at once;
   * the new one hears them after a moment.
   */
  send(notice: Notice): void
  /** Calls back for every notice from now until `close`. The callback must not throw. */
  listen(listener: (notice: Notice) => void): void
  /** Leaves the server: nothing is heard any more, and nothing sent. Closing again is the same. */
  close(): Promise<void>
}
