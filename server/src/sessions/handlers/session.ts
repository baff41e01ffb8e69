import { isoNow } from '../../lib/iso-now.js'
import type { Handlers } from '../context.js'

type SessionHandlers = Pick<Handlers, 'ping' | 'server.info' | 'subscribe' | 'unsubscribe'>

export const sessionHandlers: SessionHandlers = {
  ping: () => ({ at: isoNow() }),

  'server.info': (_params, { services }) => services.info.read(),

  subscribe: (params, { subscriptions }) => subscriptions.subscribe(params),

  unsubscribe: ({ topic }, { subscriptions }) => {
    subscriptions.unsubscribe(topic)
    return { topic }
  },
}
