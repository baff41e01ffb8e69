import { Type } from '@sinclair/typebox'
import { VIDEO_ID } from '../examples.js'
import { kindEvents } from '../kinds/events.js'
import { LANES } from '../kinds/table.js'
import { Count, Id, object, oneOf, Speaker } from '../primitives.js'
import { event } from './event.js'

export const contentEvents = {
  ...kindEvents,
  'speakers.renamed': event({
    description: 'A speaker was renamed in all sentences of the transcript.',
    delivery: 'reliable',
    topics: ['video'],
    data: object({ videoId: Id, from: Speaker, to: Speaker }),
    example: { videoId: VIDEO_ID, from: 'Ada', to: 'Ada Lovelace' },
  }),
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
