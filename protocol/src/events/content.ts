import { Type } from '@sinclair/typebox'
import { VIDEO_ID } from '../examples.js'
import { kindEvents } from '../kinds/events.js'
import { LANES } from '../kinds/table.js'
import { Count, Id, object, oneOf } from '../primitives.js'
import { event } from './event.js'

export const contentEvents = {
  ...kindEvents,
  'content.timeline': event({
    description: 'The timeline grew. The event has the number of items in each lane; read them with `timeline.get`.',
    delivery: 'latest',
    topics: ['video'],
    data: object({
      videoId: Id,
      lanes: Type.Array(object({ name: oneOf(LANES), items: Count }), { maxItems: LANES.length }),
    }),
    example: { videoId: VIDEO_ID, lanes: [{ name: 'chapters', items: 3 }] },
  }),
}
