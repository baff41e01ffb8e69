import type { ChatMessage, EventName } from '@cuewire/protocol'
import { type Actor, type Chats, createChats } from '@cuewire/server/domain/chat/chat.js'
import type { AnswerEngine } from '@cuewire/server/domain/chat/engine.js'
import { extractiveEngine } from '@cuewire/server/domain/chat/engines/extractive.js'
import type { Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { monotonicFactory } from 'ulid'
import { at } from './entities.js'
import { EventReader, onLogged } from './event-log.js'
import { openServerStore } from './talk-library.js'
import { useTextThread } from './text-thread.js'

interface ChatEvent {
  readonly topic: string
  readonly type: EventName
  readonly data: Record<string, unknown>
}

interface ChatBench {
  readonly store: Store
  readonly chats: Chats
  readonly events: ChatEvent[]
  readonly warnings: string[]
  newChat(videoIds?: string[]): Promise<string>
  /** Asks, and waits for the answer to end. */
  ask(chatId: string, question: string): Promise<ChatMessage>
  /** The next event of this type, from those not yet awaited. */
  next(type: EventName): Promise<ChatEvent>
}

/** Who opens the chats and asks in them. */
export const ADA: Actor = { subject: 'ada', isAdmin: false }

/** Chats over a real store, with every event kept. */
export async function openChats(t: Test, engine: AnswerEngine = extractiveEngine): Promise<ChatBench> {
  const { file, server, store } = await openServerStore(t)
  const reader = new EventReader(file)
  t.teardown(() => reader.close())
  const events: ChatEvent[] = []
  const warnings: string[] = []
  const waiting: { type: EventName; resolve: (event: ChatEvent) => void }[] = []
  const unread: ChatEvent[] = []
  let seconds = 0
  const newId = monotonicFactory()
  const chats = createChats({
    store,
    text: useTextThread(t),
    engine,
    newId: () => newId(),
    clock: { now: () => Date.parse(at(seconds++)) },
    logger: { warn: (_, message) => warnings.push(message), error: (_, message) => warnings.push(message) },
  })
  onLogged(server, reader, ({ topic, type, data }) => {
    const event = { topic, type, data: data as Record<string, unknown> }
    events.push(event)
    const waiter = waiting.findIndex(other => other.type === type)
    if (waiter < 0) unread.push(event)
    else waiting.splice(waiter, 1)[0]?.resolve(event)
  })
  t.teardown(() => chats.close())
  const next = (type: EventName) => {
    const found = unread.findIndex(event => event.type === type)
    const [event] = found < 0 ? [] : unread.splice(found, 1)
    return event ? Promise.resolve(event) : new Promise<ChatEvent>(resolve => waiting.push({ type, resolve }))
  }
  return {
    store,
    chats,
    events,
    warnings,
    next,
    newChat: async videoIds => (await chats.create({ videoIds }, ADA)).chat.id,
    async ask(chatId, question) {
      await chats.ask({ chatId, question }, ADA)
      const { data } = await next('chat.done')
      return data['message'] as ChatMessage
    },
  }
}
