import type { Static } from '@sinclair/typebox'
import { chatEvents } from './chat.js'
import { contentEvents } from './content.js'
import { libraryEvents } from './library.js'
import { processingEvents } from './processing.js'
import { sessionEvents } from './session.js'

/** Every event. */
export const EVENTS = {
  ...sessionEvents,
  ...libraryEvents,
  ...processingEvents,
  ...contentEvents,
  ...chatEvents,
}

export type EventName = keyof typeof EVENTS
export type EventData<N extends EventName> = Static<(typeof EVENTS)[N]['data']>

/** Events as a discriminated union, for `switch (event.type)`. */
export type TypedEvent = {
  [N in EventName]: {
    readonly type: N
    readonly topic?: string
    readonly seq?: number
    readonly at: string
    readonly data: EventData<N>
  }
}[EventName]
