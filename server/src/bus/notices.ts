import type { Delivery, EventName, Id, Topic } from '@cuewire/protocol'

/** Best-effort messages between the processes of a server. A lost notice only causes a delay. */
export type Notice =
  /** Events were written to the log. */
  | { readonly kind: 'log' }
  /** A video is being uploaded, so expect a job soon. */
  | { readonly kind: 'expected' }
  /** A job was queued. */
  | { readonly kind: 'queued' }
  /** A job was cancelled and must not run any more. */
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
 * Carries notices between all processes of one server. Each listener gets a notice once. Notices of one sender arrive
 * in the order they were sent, although some may be missing. A process that dies or stalls does not affect the others.
 */
export interface Notices {
  /**
   * Sends to every listening process, including listeners in this one. Never blocks or throws: notices for a process
   * that does not read are dropped once a bounded amount is queued. Running processes receive from a new process at
   * once; the new one receives from them after a moment.
   */
  send(notice: Notice): void
  /** Calls back for every notice from now until `close`. The callback must not throw. */
  listen(listener: (notice: Notice) => void): void
  /** Stops sending and receiving. Safe to call again. */
  close(): Promise<void>
}
