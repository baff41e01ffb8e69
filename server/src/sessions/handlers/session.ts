import { isoNow } from '../../lib/iso-now.js'
import type { Handlers } from '../context.js'
import { wirePrincipal } from '../principal.js'

type SessionHandlers = Pick<Handlers, 'ping' | 'server.info' | 'auth.refresh' | 'subscribe' | 'unsubscribe'>

export const sessionHandlers: SessionHandlers = {
  ping: answerNow,

  'server.info': (_params, { info }) => info.read(),

  'auth.refresh': ({ token }, { refresh }) => ({ principal: wirePrincipal(refresh(token)) }),

  subscribe: (params, { subscriptions }) => subscriptions.subscribe(params),

  unsubscribe: ({ topic }, { subscriptions }) => {
    subscriptions.unsubscribe(topic)
    return { topic }
  },
}

let answer: { readonly at: string } = Object.freeze({ at: '' })

/** The same object for as long as the time reads the same. */
function answerNow(): { readonly at: string } {
  const at = isoNow()
  if (answer.at !== at) answer = Object.freeze({ at })
  return answer
}
