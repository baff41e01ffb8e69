import { Type } from '@sinclair/typebox'
import { ChatMessage, Citation, Passage } from '../entities/chat.js'
import { ErrorShape } from '../error-codes.js'
import { ANSWER, ANSWER_ID, CHAT_ID, QUESTION, VIDEO_ID } from '../examples.js'
import { Id, object, Text } from '../primitives.js'
import { event } from './event.js'

const about = { chatId: Id, answerId: Id }

export const chatEvents = {
  'chat.message': event({
    description: 'A question was asked.',
    delivery: 'reliable',
    topics: ['chat'],
    data: object({ message: ChatMessage }),
    example: { message: QUESTION },
  }),
  'chat.retrieval': event({
    description: 'The passages the answer may cite. Sent before the first text of the answer.',
    delivery: 'reliable',
    topics: ['chat'],
    data: object({ ...about, passages: Type.Array(Passage, { maxItems: 50 }) }),
    example: {
      chatId: CHAT_ID,
      answerId: ANSWER_ID,
      passages: [
        {
          number: 1,
          modality: 'transcript',
          videoId: VIDEO_ID,
          start: 31.48,
          end: 34.02,
          text: 'The boats leave before dawn.',
        },
      ],
    },
  }),
  'chat.delta': event({
    description: 'The next piece of text of the answer.',
    delivery: 'reliable',
    topics: ['chat'],
    data: object({ ...about, text: Text }),
    example: { chatId: CHAT_ID, answerId: ANSWER_ID, text: 'The boats leave before dawn. [1]' },
  }),
  'chat.citation': event({
    description: 'The source of a [n] in the answer, with its time in the video.',
    delivery: 'reliable',
    topics: ['chat'],
    data: object({ ...about, citation: Citation }),
    example: {
      chatId: CHAT_ID,
      answerId: ANSWER_ID,
      citation: {
        number: 1,
        modality: 'transcript',
        videoId: VIDEO_ID,
        start: 31.48,
        end: 34.02,
        quote: 'The boats leave before dawn.',
      },
    },
  }),
  'chat.done': event({
    description: 'The answer is complete or was cancelled; `message.state` says which.',
    delivery: 'reliable',
    topics: ['chat'],
    data: object({ message: ChatMessage }),
    example: { message: ANSWER },
  }),
  'chat.failed': event({
    description: 'The answer failed. Its text so far is kept.',
    delivery: 'reliable',
    topics: ['chat'],
    data: object({ ...about, error: ErrorShape }),
    example: {
      chatId: CHAT_ID,
      answerId: ANSWER_ID,
      error: { code: 'server.internal', message: 'An unexpected fault; see the server log.', retryable: true },
    },
  }),
  'chat.deleted': event({
    description: 'The chat and its messages were deleted. Unsubscribe from its topic.',
    delivery: 'reliable',
    topics: ['chat'],
    data: object({ chatId: Id }),
    example: { chatId: CHAT_ID },
  }),
}
