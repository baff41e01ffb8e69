import type { ChatMessage, CommandParams, CommandResult, EventData, TypedEvent } from '#protocol'
import { ClientError, ConnectionError, ignoreRefusal, RemoteError } from './errors.js'
import type { SendCommand } from './methods.js'
import type { SubscribeOptions, Subscription } from './subscription.js'

/** The events of an answer, in order; the last is `chat.done`. */
export type AnswerEvent = Extract<
  TypedEvent,
  { type: 'chat.message' | 'chat.retrieval' | 'chat.delta' | 'chat.citation' | 'chat.done' }
>

export interface AskOptions {
  /** Cancels the answer on the server and throws the signal's reason. */
  readonly signal?: AbortSignal
}

interface AskTools {
  readonly send: SendCommand
  readonly subscribe: (topic: string, options: SubscribeOptions) => Subscription
}

const ASK_ATTEMPTS = 3
const HISTORY_PAGE = 200

/**
 * Asks in a chat and yields the events of the answer up to `chat.done`; nothing is sent before the first `next()`. What is
 * lost on the way, for example over a server restart, is filled in from `chat.history`. Throws a RemoteError when the answer
 * fails, and a retryable ConnectionError when a restart cut it off.
 */
export async function* ask(
  { send, subscribe }: AskTools,
  chatId: string,
  question: string,
  { signal }: AskOptions = {},
): AsyncGenerator<AnswerEvent, void, undefined> {
  const subscription = subscribe(`chat/${chatId}`, signal ? { signal } : {})
  let answering = false
  try {
    // Subscribe first, so that no event of the answer is missed.
    await subscription.ready()
    const ids = await askOnce(send, { chatId, question })
    answering = true
    const heard = new Heard(chatId, ids.answerId)
    let hasGap = false
    for await (const item of subscription) {
      if (item.type === 'gap') {
        hasGap = true
        const answer = await storedAnswer(send, ids.answerId, { chatId, signal })
        // `chat.done`, which is still to come, has the missing parts.
        if (answer.state === 'answering') continue
        answering = false
        if (answer.state === 'failed') throw cutOff()
        yield* heard.missing(answer)
        yield heard.event('chat.done', { message: answer })
        return
      }
      const event = answerEvent(item, ids)
      if (!event) continue
      answering = event.type !== 'chat.done'
      if (hasGap) {
        if (event.type !== 'chat.done') continue
        yield* heard.missing(event.data.message)
      }
      heard.note(event)
      yield event
      if (!answering) return
    }
    throw new ConnectionError('the client was closed before the answer was complete', { retryable: false })
  } finally {
    subscription.close()
    // It may have ended meanwhile; the refusal is then `chat.not_answering`.
    if (answering && signal?.aborted) await send('chat.cancel', { chatId }).catch(ignoreRefusal)
  }
}

/** Sends the question; if the connection is lost before the reply, sends it again with the same key, so it is asked once. */
async function askOnce(send: SendCommand, params: CommandParams<'chat.ask'>): Promise<CommandResult<'chat.ask'>> {
  let options: { readonly key?: string } = {}
  for (let attempt = 1; ; attempt++) {
    try {
      return await send('chat.ask', params, options)
    } catch (error) {
      const isLost = error instanceof ConnectionError && error.retryable && error.key !== undefined
      if (!isLost || attempt === ASK_ATTEMPTS) throw error
      options = { key: error.key }
    }
  }
}

/** The part of an answer received so far. */
class Heard {
  readonly #ids: { readonly chatId: string; readonly answerId: string }
  #length = 0
  readonly #cited = new Set<number>()

  constructor(chatId: string, answerId: string) {
    this.#ids = { chatId, answerId }
  }

  note(event: AnswerEvent): void {
    if (event.type === 'chat.delta') this.#length += event.data.text.length
    if (event.type === 'chat.citation') this.#cited.add(event.data.citation.number)
  }

  /** The rest of a complete answer, as events. */
  *missing({ text, citations }: ChatMessage): Generator<AnswerEvent> {
    const rest = text.slice(this.#length)
    if (rest) yield this.event('chat.delta', { ...this.#ids, text: rest })
    for (const citation of citations) {
      if (!this.#cited.has(citation.number)) yield this.event('chat.citation', { ...this.#ids, citation })
    }
  }

  event<N extends AnswerEvent['type']>(type: N, data: EventData<N>): AnswerEvent {
    return { type, topic: `chat/${this.#ids.chatId}`, at: new Date().toISOString(), data } as AnswerEvent
  }
}

/** The answer as the server has stored it. */
async function storedAnswer(
  send: SendCommand,
  answerId: string,
  { chatId, signal }: { readonly chatId: string; readonly signal: AbortSignal | undefined },
): Promise<ChatMessage> {
  for (let cursor: string | undefined; ; ) {
    const page = { chatId, limit: HISTORY_PAGE, ...(cursor !== undefined && { cursor }) }
    const { messages, nextCursor } = await send('chat.history', page, signal && { signal })
    const answer = messages.find(({ id }) => id === answerId)
    if (answer) return answer
    if (nextCursor === undefined)
      throw new ClientError('a part of the answer was lost, and chat.history has none of it')
    cursor = nextCursor
  }
}

const cutOff = () =>
  new ConnectionError('the answer was cut off while the connection was lost; ask again', { retryable: true })

/** The event if it belongs to this answer; one chat may carry the answers to several questions. */
function answerEvent(
  event: TypedEvent,
  { questionId, answerId }: { readonly questionId: string; readonly answerId: string },
): AnswerEvent | undefined {
  switch (event.type) {
    case 'chat.message':
      return event.data.message.id === questionId ? event : undefined
    case 'chat.done':
      return event.data.message.id === answerId ? event : undefined
    case 'chat.retrieval':
    case 'chat.delta':
    case 'chat.citation':
      return event.data.answerId === answerId ? event : undefined
    case 'chat.failed':
      if (event.data.answerId === answerId) throw new RemoteError(event.data.error)
      return undefined
    default:
      return undefined
  }
}
