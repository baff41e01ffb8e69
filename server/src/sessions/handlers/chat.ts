import type { Handlers } from '../context.js'

type ChatHandlers = Pick<
  Handlers,
  'chat.create' | 'chat.list' | 'chat.history' | 'chat.ask' | 'chat.cancel' | 'chat.delete'
>

export const chatHandlers: ChatHandlers = {
  'chat.create': (params, { services }) => services.chats.create(params),
  'chat.list': (params, { services }) => services.chats.list(params),
  'chat.history': (params, { services }) => services.chats.history(params),
  'chat.ask': (params, { services }) => services.chats.ask(params),
  'chat.cancel': (params, { services }) => services.chats.cancel(params),
  'chat.delete': (params, { services }) => services.chats.remove(params),
}
