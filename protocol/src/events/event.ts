import type { Static, TSchema } from '@sinclair/typebox'

/**
 * Which events a slow connection may lose. `reliable`: none, they are numbered and replayable. `latest`: older values of
 * the same key, while the newest waits to be sent. `volatile`: any, while the socket is busy.
 */
export type Delivery = 'reliable' | 'latest' | 'volatile'

/** One row of the event table. */
export interface EventRow<D extends TSchema = TSchema> {
  readonly description: string
  readonly delivery: Delivery
  /** Kinds of topic it is published on. If empty, it is sent to the connection itself. */
  readonly topics: readonly ('library' | 'video' | 'visual' | 'chat' | 'job')[]
  readonly data: D
  readonly example: Static<D>
}

export const event = <D extends TSchema>(row: EventRow<D>): EventRow<D> => row
