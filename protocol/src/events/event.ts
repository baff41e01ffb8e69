import type { Static, TSchema } from '@sinclair/typebox'

/**
 * What a connection may lose. `reliable`: nothing, it is sequenced and replayable. `latest`: older values of the
 * same key, while the newest is still to be sent. `volatile`: anything, while the socket is busy.
 */
export type Delivery = 'reliable' | 'latest' | 'volatile'

/** One row of the event table. */
export interface EventRow<D extends TSchema = TSchema> {
  readonly description: string
  readonly delivery: Delivery
  /** Kinds of topic it is published on; none: it is sent to the connection itself. */
  readonly topics: readonly ('library' | 'video' | 'visual' | 'chat' | 'job')[]
  readonly data: D
  readonly example: Static<D>
}

export const event = <D extends TSchema>(row: EventRow<D>): EventRow<D> => row
