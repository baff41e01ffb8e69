import type { ChatMessage } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { ServerStore } from '../../storage/server-store.js'
import type { Store } from '../../storage/store.js'
import { draft } from '../event-drafts.js'

/** The final state of an answer: completed, cancelled or failed, with its text so far. */
export interface EndedAnswer {
  readonly message: ChatMessage
  readonly error?: AppError
}

/** Stores the final state of an answer and announces it. */
export async function endAnswer(store: Pick<Store, 'atomically'>, { message, error }: EndedAnswer): Promise<void> {
  const { id: answerId, chatId } = message
  await store.atomically(async ({ chats, events }) => {
    await chats.updateMessage(message)
    await events.append([
      error
        ? draft(`chat/${chatId}`, 'chat.failed', { chatId, answerId, error: errorShape(error) })
        : draft(`chat/${chatId}`, 'chat.done', { message }),
    ])
  })
}

/** Ends answers left by processes that died. */
export async function endUnfinishedAnswers(server: Pick<ServerStore, 'for' | 'upkeep'>): Promise<void> {
  const error = new AppError('server.draining', 'The server stopped while it answered; ask again.')
  for (const { tenant, message } of await server.upkeep.unfinishedAnswers())
    await endAnswer(server.for(tenant), { message: { ...message, state: 'failed' }, error })
}
