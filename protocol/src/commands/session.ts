import { Type } from '@sinclair/typebox'
import { AT, VIDEO_ID } from '../examples.js'
import { Capabilities, ServerLimits } from '../hello.js'
import { Count, object, oneOf, Timestamp, Topic } from '../primitives.js'
import { command } from './command.js'

const Epoch = Type.String({ minLength: 1, maxLength: 32, description: 'changes when the history of a topic is lost' })

export const sessionCommands = {
  ping: command({
    description: 'Answers with the server time; proves that both directions live.',
    scope: 'read',
    params: object({}),
    result: object({ at: Timestamp }),
    example: { params: {}, result: { at: AT } },
  }),
  'server.info': command({
    description: 'Version, limits and what is really loaded, as in `hello`.',
    scope: 'read',
    params: object({}),
    result: object({
      version: Type.String(),
      protocol: Type.Integer(),
      startedAt: Timestamp,
      limits: ServerLimits,
      capabilities: Capabilities,
    }),
    example: {
      params: {},
      result: {
        version: '0.1.0',
        protocol: 1,
        startedAt: AT,
        limits: { frameBytes: 524_288, inFlight: 64, subscriptions: 256, uploadBytes: 4_294_967_296 },
        capabilities: {
          chatEngine: 'extractive',
          models: [{ task: 'objects', state: 'ready', pack: 'objects-centernet@3.3.6' }],
        },
      },
    },
  }),
  subscribe: command({
    description:
      'Delivers the events of a topic. With `since` (and the `epoch` it was read in) the reliable events after it are replayed first, all or none; `since: 0` asks for all that is kept.',
    scope: 'read',
    params: object({
      topic: Topic,
      since: Type.Optional(Count),
      epoch: Type.Optional(Epoch),
    }),
    result: object({
      topic: Topic,
      epoch: Epoch,
      seq: Count,
      recovery: oneOf(
        ['current', 'replayed', 'gap'],
        'nothing was missed; the missed events follow; or they are no longer kept: read the state again',
      ),
      replayed: Type.Optional(Count),
      oldest: Type.Optional(Count),
    }),
    example: {
      params: { topic: `video/${VIDEO_ID}`, since: 0 },
      result: { topic: `video/${VIDEO_ID}`, epoch: 'k3v9x2', seq: 12, recovery: 'replayed', replayed: 12 },
    },
  }),
  unsubscribe: command({
    description: 'Ends the delivery of a topic. Unsubscribing twice is no error.',
    scope: 'read',
    params: object({ topic: Topic }),
    result: object({ topic: Topic }),
    example: { params: { topic: 'library' }, result: { topic: 'library' } },
  }),
}
