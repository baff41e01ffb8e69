import type { Actor } from '../../domain/chat/chat.js'
import type { CommandContext, Handlers } from '../handler.js'

type ChatHandlers = Pick<
  Handlers,
  'chat.create' | 'chat.list' | 'chat.history' | 'chat.ask' | 'chat.cancel' | 'chat.delete'
>

export const chatHandlers: ChatHandlers = {
  'chat.create': (params, context) => context.services.chats.create(params, actorOf(context)),
  'chat.list': (params, { services }) => services.chats.list(params),
  'chat.history': (params, { services }) => services.chats.history(params),
  'chat.ask': (params, context) => context.services.chats.ask(params, actorOf(context)),
  'chat.cancel': (params, context) => context.services.chats.cancel(params, actorOf(context)),
  'chat.delete': (params, context) => context.services.chats.remove(params, actorOf(context)),
}

function actorOf({ principal, traceparent }: CommandContext): Actor {
  const { subject, scopes } = principal
  return { subject, isAdmin: scopes.has('admin'), traceparent }
}
