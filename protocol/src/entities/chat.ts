import { type Static, Type } from '@sinclair/typebox'
import { LIMITS } from '../limits.js'
import { Band, Id, object, oneOf, Seconds, Subject, Text, Timestamp, Title } from '../primitives.js'
import { text } from '../text.js'
import { MODALITIES } from './search.js'

export const Question = text({ minLength: 1, maxLength: LIMITS.queryLength })

export const Chat = object({
  id: Id,
  title: Title,
  videoIds: Type.Array(Id, { maxItems: LIMITS.videosPerScope, description: 'empty means the whole library' }),
  createdBy: Type.Optional(Subject),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Chat = Static<typeof Chat>

/** A passage the answer may cite. The engine gives only its number; the server looks up the time. */
export const Passage = object({
  number: Type.Integer({ minimum: 1 }),
  modality: oneOf(MODALITIES),
  videoId: Id,
  start: Seconds,
  end: Seconds,
  text: Text,
})
export type Passage = Static<typeof Passage>

export const Citation = object({
  number: Type.Integer({ minimum: 1, description: 'the [n] in the answer' }),
  modality: oneOf(MODALITIES),
  videoId: Id,
  start: Seconds,
  end: Seconds,
  quote: Text,
})
export type Citation = Static<typeof Citation>

export const ANSWER_STATES = ['answering', 'completed', 'cancelled', 'failed'] as const

export const ChatMessage = object({
  id: Id,
  chatId: Id,
  role: oneOf(['user', 'assistant']),
  text: Text,
  state: oneOf(ANSWER_STATES),
  citations: Type.Array(Citation, { maxItems: 50 }),
  confidence: Type.Optional(Band),
  abstained: Type.Optional(Type.Boolean({ description: 'true when the videos hold no evidence for an answer' })),
  createdAt: Timestamp,
})
export type ChatMessage = Static<typeof ChatMessage>
