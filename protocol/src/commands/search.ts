import { Type } from '@sinclair/typebox'
import { SearchHit } from '../entities/search.js'
import { HIT, VIDEO_ID } from '../examples.js'
import { LIMITS } from '../limits.js'
import { Id, object } from '../primitives.js'
import { text } from '../text.js'
import { command } from './command.js'

export const searchCommands = {
  'search.query': command({
    cost: 10,
    description:
      'Finds moments in the videos named, or in the whole library. Hits are sorted best first, and each says what matched. No hits is not an error.',
    scope: 'read',
    errors: ['server.busy'],
    params: object({
      query: text({ minLength: 1, maxLength: LIMITS.queryLength }),
      videoIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: LIMITS.videosPerScope })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'default 10' })),
    }),
    result: object({ hits: Type.Array(SearchHit) }),
    example: { params: { query: 'when do the boats leave', videoIds: [VIDEO_ID] }, result: { hits: [HIT] } },
  }),
}
