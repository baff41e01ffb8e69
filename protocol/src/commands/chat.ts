import { Type } from '@sinclair/typebox'
import { Chat, ChatMessage, Question } from '../entities/chat.js'
import { ANSWER, ANSWER_ID, CHAT, CHAT_ID, QUESTION_ID, VIDEO_ID } from '../examples.js'
import { LIMITS } from '../limits.js'
import { Cursor, Id, object, PageLimit, Title, Topic } from '../primitives.js'
import { command } from './command.js'

export const chatCommands = {
  'chat.create': command({
    cost: 2,
    description: 'Creates a chat about the videos named or, without `videoIds`, about the whole library.',
    scope: 'chat',
    errors: ['video.not_found', 'record.damaged'],
    mutating: true,
    params: object({
      videoIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: LIMITS.videosPerScope, uniqueItems: true })),
      title: Type.Optional(Title),
    }),
    result: object({ chat: Chat, topic: Topic }),
    example: { params: { videoIds: [VIDEO_ID] }, result: { chat: CHAT, topic: `chat/${CHAT_ID}` } },
  }),
  'chat.list': command({
    description: 'Lists the chats, most recently used first.',
    scope: 'chat',
    errors: ['cursor.invalid'],
    params: object({ limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }),
    result: object({ chats: Type.Array(Chat), nextCursor: Type.Optional(Cursor) }),
    example: { params: {}, result: { chats: [CHAT] } },
  }),
  'chat.history': command({
    description: 'Lists the messages of a chat, oldest first.',
    scope: 'chat',
    errors: ['chat.not_found', 'cursor.invalid'],
    params: object({ chatId: Id, limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }),
    result: object({ messages: Type.Array(ChatMessage), nextCursor: Type.Optional(Cursor) }),
    example: { params: { chatId: CHAT_ID }, result: { messages: [ANSWER] } },
  }),
  'chat.ask': command({
    cost: 20,
    description:
      'Asks a question. The reply has the ids of the question and the answer. The answer then streams on `chat/<id>`: `chat.retrieval`, `chat.delta`, `chat.citation`, and `chat.done` or `chat.failed`. A message that asks nothing, such as thanks, gets a short answer without passages, citations or `confidence`.',
    scope: 'chat',
    errors: ['chat.not_found', 'chat.busy', 'record.damaged'],
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
      'Cancels the answer in progress. Its text so far is kept and marked cancelled. Allowed for the subject that asked, the creator of the chat, and the scope `admin`; anyone else gets `auth.forbidden`.',
    scope: 'chat',
    errors: ['chat.not_found', 'chat.not_answering'],
    mutating: true,
    params: object({ chatId: Id }),
    result: object({ answerId: Id }),
    example: { params: { chatId: CHAT_ID }, result: { answerId: ANSWER_ID } },
  }),
  'chat.delete': command({
    description:
      'Deletes a chat with its messages. Allowed for its creator and the scope `admin`; anyone else gets `auth.forbidden`.',
    scope: 'chat',
    errors: ['chat.not_found'],
    mutating: true,
    params: object({ chatId: Id }),
    result: object({ chatId: Id }),
    example: { params: { chatId: CHAT_ID }, result: { chatId: CHAT_ID } },
  }),
}
