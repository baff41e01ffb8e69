import { Type } from '@sinclair/typebox'
import { Chat, ChatMessage, Question } from '../entities/chat.js'
import { ANSWER, ANSWER_ID, CHAT, CHAT_ID, QUESTION_ID, VIDEO_ID } from '../examples.js'
import { LIMITS } from '../limits.js'
import { Cursor, Id, object, PageLimit, Title, Topic } from '../primitives.js'
import { command } from './command.js'

export const chatCommands = {
  'chat.create': command({
    cost: 2,
    description: 'Opens a chat about one video, several, or (without `videoIds`) the library.',
    scope: 'chat',
    mutating: true,
    params: object({
      videoIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: LIMITS.videosPerScope, uniqueItems: true })),
      title: Type.Optional(Title),
    }),
    result: object({ chat: Chat, topic: Topic }),
    example: { params: { videoIds: [VIDEO_ID] }, result: { chat: CHAT, topic: `chat/${CHAT_ID}` } },
  }),
  'chat.list': command({
    description: 'The chats, last used first.',
    scope: 'chat',
    params: object({ limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }),
    result: object({ chats: Type.Array(Chat), nextCursor: Type.Optional(Cursor) }),
    example: { params: {}, result: { chats: [CHAT] } },
  }),
  'chat.history': command({
    description: 'The messages of a chat, oldest first.',
    scope: 'chat',
    params: object({ chatId: Id, limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }),
    result: object({ messages: Type.Array(ChatMessage), nextCursor: Type.Optional(Cursor) }),
    example: { params: { chatId: CHAT_ID }, result: { messages: [ANSWER] } },
  }),
  'chat.ask': command({
    cost: 20,
    description:
      'Asks. The reply names the two messages at once; the answer streams on `chat/<id>`: `chat.retrieval`, `chat.delta`, `chat.citation`, `chat.done`. A message that asks nothing, such as thanks, gets a short reply without passages, citations or `confidence`.',
    scope: 'chat',
    mutating: true,
    params: object({ chatId: Id, question: Question }),
    result: object({ questionId: Id, answerId: Id }),
    example: {
      params: { chatId: CHAT_ID, question: 'When do the boats leave?' },
      result: { questionId: QUESTION_ID, answerId: ANSWER_ID },
    },
  }),
  'chat.cancel': command({
    description:
      'Stops the answer under way; what was said so far is kept and marked cancelled. Only for the subject that asked, the creator of the chat, or the scope `admin`.',
    scope: 'chat',
    mutating: true,
    params: object({ chatId: Id }),
    result: object({ answerId: Id }),
    example: { params: { chatId: CHAT_ID }, result: { answerId: ANSWER_ID } },
  }),
  'chat.delete': command({
    description: 'Deletes a chat with its messages. Only for its creator, or the scope `admin`.',
    scope: 'chat',
    mutating: true,
    params: object({ chatId: Id }),
    result: object({ chatId: Id }),
    example: { params: { chatId: CHAT_ID }, result: { chatId: CHAT_ID } },
  }),
}
