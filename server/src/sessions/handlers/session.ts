import type { Handlers } from '../context.js'

type SessionHandlers = Pick<Handlers, 'ping' | 'server.info' | 'subscribe' | 'unsubscribe'>

export const sessionHandlers: SessionHandlers = {
  ping: () => ({ at: new Date().toISOString() }),

  'server.info': (_params, { services }) => services.info.read(),

  subscribe: async (params, { subscriptions, afterReply }) => {
    const { result, start } = await subscriptions.subscribe(params)
    afterReply(start)
    return result
  },

  unsubscribe: ({ topic }, { subscriptions }) => {
    subscriptions.unsubscribe(topic)
    return { topic }
  },
}
