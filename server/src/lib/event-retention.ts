/** How much of the event log is kept. A topic keeps its newest event until it is too old. */
export interface EventRetention {
  /** Events of a topic. */
  readonly topicEvents: number
  /** Bytes of a topic. */
  readonly topicBytes: number
  /** Bytes of all topics together. */
  readonly totalBytes: number
  readonly ageMs: number
}

const HOUR_MS = 60 * 60 * 1000

/** The default retention. */
export const EVENT_RETENTION = {
  topicEvents: 5000,
  topicBytes: 4 * 1024 ** 2,
  totalBytes: 256 * 1024 ** 2,
  ageMs: 24 * HOUR_MS,
} as const satisfies EventRetention
