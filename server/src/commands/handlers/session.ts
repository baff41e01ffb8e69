import { wirePrincipal } from '../../identity/principal.js'
import { isoNow } from '../../lib/iso-now.js'
import type { Handlers } from '../handler.js'

type SessionHandlers = Pick<Handlers, 'ping' | 'server.info' | 'auth.refresh' | 'subscribe' | 'unsubscribe'>

export const sessionHandlers: SessionHandlers = {
  ping: () => ({ at: isoNow() }),

  'server.info': (_params, { info }) => info.read(),

  'auth.refresh': ({ token }, _context, connection) => ({ principal: wirePrincipal(connection.refresh(token)) }),

  subscribe: (params, _context, connection) => connection.subscribe(params),

  unsubscribe: ({ topic }, _context, connection) => {
    connection.unsubscribe(topic)
    return { topic }
  },
}
