import { Type } from '@sinclair/typebox'
import { AT, PRINCIPAL, SERVER_LIMITS, VIDEO_ID } from '../examples.js'
import { Capabilities, Principal, ServerLimits, TRANSPORTS } from '../hello.js'
import { count, object, oneOf, Timestamp, Topic } from '../primitives.js'
import { line } from '../text.js'
import { command, socketCommand } from './command.js'

const Epoch = line({ minLength: 1, maxLength: 32, description: 'changes only when the history of the topic is lost' })

export const sessionCommands = {
  ping: command({
    description: 'Returns the server time. Use it to check that the connection is alive in both directions.',
    scope: 'none',
    params: object({}),
    result: object({ at: Timestamp }),
    example: { params: {}, result: { at: AT } },
  }),
  'server.info': command({
    description: 'Returns the version, the limits, and which engine and models are in use, as in `hello`.',
    scope: 'none',
    params: object({}),
    result: object({
      version: Type.String(),
      protocol: Type.Integer(),
      ffmpeg: Type.String({ maxLength: 100, description: 'version of ffmpeg in use' }),
      transport: oneOf(TRANSPORTS, "uWebSockets.js, or the ws package on Node's HTTP server"),
      transportReason: line({ minLength: 1, maxLength: 200, description: 'why this transport was chosen' }),
      startedAt: Timestamp,
      limits: ServerLimits,
      capabilities: Capabilities,
    }),
    example: {
      params: {},
      result: {
        version: '0.1.0',
        protocol: 1,
        ffmpeg: '5.1.9-0+deb12u1',
        transport: 'uws',
        transportReason: 'uWebSockets.js loads here',
        startedAt: AT,
        limits: SERVER_LIMITS,
        capabilities: {
          chatEngine: 'extractive',
          models: [{ task: 'objects', state: 'ready', pack: 'objects-centernet@1.2.0' }],
        },
      },
    },
  }),
  'auth.refresh': socketCommand({
    description:
      'Replaces the token of the connection before it expires. The subject and tenant must be the same. The scopes may differ; subscriptions they no longer cover end.',
    scope: 'none',
    errors: ['auth.invalid', 'auth.expired', 'auth.subject_changed'],
    params: object({ token: line({ minLength: 1, maxLength: 8192 }) }),
    result: object({ principal: Principal }),
    example: { params: { token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' }, result: { principal: PRINCIPAL } },
  }),
  subscribe: socketCommand({
    cost: 2,
    description:
      'Starts delivery of the events of a topic. With `since` (and the `epoch` it belongs to), the reliable events after it are replayed first, all or none; `since: 0` asks for everything from event 1. A `chat/` topic needs the scope `chat`, any other topic `read`.',
    scope: 'none',
    errors: ['topic.not_found', 'limit.subscriptions'],
    params: object({
      topic: Topic,
      since: Type.Optional(count('number of the last event received')),
      epoch: Type.Optional(Epoch),
    }),
    result: object({
      topic: Topic,
      epoch: Epoch,
      seq: count('number of the latest event'),
      recovery: oneOf(
        ['current', 'replayed', 'gap'],
        'nothing was missed; the missed events follow; or they cannot be replayed, so read the state again',
      ),
      replayed: Type.Optional(count('events that follow, if `recovery` is `replayed`')),
      oldest: Type.Optional(count('number of the first event still kept, if `recovery` is `gap`')),
    }),
    example: {
      params: { topic: `video/${VIDEO_ID}`, since: 0 },
      result: { topic: `video/${VIDEO_ID}`, epoch: 'k3v9x2', seq: 12, recovery: 'replayed', replayed: 12 },
    },
  }),
  unsubscribe: socketCommand({
    description: 'Ends delivery of a topic. Unsubscribing from a topic that is not subscribed is not an error.',
    scope: 'none',
    params: object({ topic: Topic }),
    result: object({ topic: Topic }),
    example: { params: { topic: 'library' }, result: { topic: 'library' } },
  }),
}
