/** How much of the log of events is kept. A topic always keeps its newest event until that is too old. */
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

/** What is kept unless a setting says otherwise. */
export const EVENT_RETENTION = {
  topicEvents: 5000,
  topicBytes: 4 * 1024 ** 2,
  totalBytes: 256 * 1024 ** 2,
  ageMs: 24 * HOUR_MS,
} as const satisfies EventRetention
