import { Type } from '@sinclair/typebox'
import { AT, PRINCIPAL, SERVER_LIMITS, VIDEO_ID } from '../examples.js'
import { Capabilities, Principal, ServerLimits, TRANSPORTS } from '../hello.js'
import { Count, object, oneOf, Timestamp, Topic } from '../primitives.js'
import { line } from '../text.js'
import { command, socketCommand } from './command.js'

const Epoch = line({ minLength: 1, maxLength: 32, description: 'changes when the history of a topic is lost' })

export const sessionCommands = {
  ping: command({
    description: 'Answers with the server time; proves that both directions live.',
    scope: 'none',
    params: object({}),
    result: object({ at: Timestamp }),
    example: { params: {}, result: { at: AT } },
  }),
  'server.info': command({
    description: 'Version, limits and what is really loaded, as in `hello`.',
    scope: 'none',
    params: object({}),
    result: object({
      version: Type.String(),
      protocol: Type.Integer(),
      ffmpeg: Type.String({ maxLength: 100, description: 'version of the ffmpeg that decodes' }),
      transport: oneOf(TRANSPORTS, "what serves the port: uWebSockets.js, or the ws package on Node's HTTP server"),
      transportReason: line({ minLength: 1, maxLength: 200, description: 'why it is this one' }),
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
          models: [{ task: 'objects', state: 'ready', pack: 'objects-centernet@3.3.6' }],
        },
      },
    },
  }),
  'auth.refresh': socketCommand({
    description:
      'Gives a new token before the old one expires. Subject and tenant must stay; scopes may change, and topics they no longer cover end.',
    scope: 'none',
    params: object({ token: line({ minLength: 1, maxLength: 8192 }) }),
    result: object({ principal: Principal }),
    example: { params: { token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' }, result: { principal: PRINCIPAL } },
  }),
  subscribe: socketCommand({
    cost: 2,
    description:
      'Delivers the events of a topic. With `since` (and the `epoch` it was read in) the reliable events after it are replayed first, all or none; `since: 0` asks for everything from event 1 on. A `chat/` topic needs the scope `chat`, any other `read`.',
    scope: 'none',
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
  unsubscribe: socketCommand({
    description: 'Ends the delivery of a topic. Unsubscribing twice is no error.',
    scope: 'none',
    params: object({ topic: Topic }),
    result: object({ topic: Topic }),
    example: { params: { topic: 'library' }, result: { topic: 'library' } },
  }),
}
