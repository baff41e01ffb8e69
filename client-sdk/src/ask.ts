import type { TypedEvent } from '#protocol'
import { ClientError, ConnectionError, ignoreRefusal, RemoteError } from './errors.js'
import type { SendCommand } from './methods.js'
import type { SubscribeOptions, Subscription } from './subscription.js'

/** What an answer is made of, in the order it comes; the last is `chat.done`. */
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

/**
 * Asks in a chat and yields the events of the answer up to `chat.done`; nothing is sent before the first `next()`.
 * Throws a RemoteError when the answer fails, and a ClientError when a part of it can no longer be read.
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
    // First subscribed, then asked, so that no event of the answer is missed.
    await subscription.ready()
    const { questionId, answerId } = await send('chat.ask', { chatId, question })
    answering = true
    for await (const item of subscription) {
      if (item.type === 'gap') throw new ClientError('a part of the answer was lost; chat.history has it')
      const event = answerEvent(item, questionId, answerId)
      if (!event) continue
      answering = event.type !== 'chat.done'
      yield event
      if (!answering) return
    }
    throw new ConnectionError('the client was closed before the answer was complete', { retryable: false })
  } finally {
    subscription.close()
    // It may have ended meanwhile, which is then the refusal: chat.not_answering.
    if (answering && signal?.aborted) await send('chat.cancel', { chatId }).catch(ignoreRefusal)
  }
}

/** The event if it belongs to this answer; one chat may carry the answers to several questions. */
function answerEvent(event: TypedEvent, questionId: string, answerId: string): AnswerEvent | undefined {
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
