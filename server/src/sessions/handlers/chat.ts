import type { Handlers } from '../context.js'
import { nextOf, pageOf } from './page.js'

type ChatHandlers = Pick<
  Handlers,
  'chat.create' | 'chat.list' | 'chat.history' | 'chat.ask' | 'chat.cancel' | 'chat.delete'
>

export const chatHandlers: ChatHandlers = {
  'chat.create': async (params, { services }) => {
    const chat = await services.chats.create(params)
    return { chat, topic: `chat/${chat.id}` }
  },

  'chat.list': async (params, { services }) => {
    const page = await services.chats.list(pageOf(params))
    return { chats: page.items, ...nextOf(page) }
  },

  'chat.history': async (params, { services }) => {
    const page = await services.chats.history(params.chatId, pageOf(params))
    return { messages: page.items, ...nextOf(page) }
  },

  'chat.ask': ({ chatId, question }, { services }) => services.chats.ask(chatId, question),

  'chat.cancel': async ({ chatId }, { services }) => ({ answerId: await services.chats.cancel(chatId) }),

  'chat.delete': async ({ chatId }, { services }) => {
    await services.chats.remove(chatId)
    return { chatId }
  },
}
