import { type Chat, type ChatMessage, type Id, LIMITS, type Video } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { Clock } from '../../lib/clock.js'
import { ignoreDamaged } from '../../lib/ignore-damaged.js'
import { cut } from '../../lib/text.js'
import type { Store } from '../../storage/store.js'
import { draft } from '../event-drafts.js'
import type { TextWork } from '../text-work/text-work.js'
import { type ChatLog, runTurn } from './answer.js'
import { endAnswer } from './end-answer.js'
import type { AnswerEngine } from './engine.js'
import type { Scope } from './evidence/evidence.js'
import { retrieve } from './retrieve.js'

export interface ChatsOptions {
  readonly store: Pick<Store, 'chats' | 'videos' | 'jobs' | 'content' | 'search' | 'events' | 'atomically'>
  readonly text: TextWork
  readonly engine: AnswerEngine
  readonly logger: ChatLog
  readonly clock: Pick<Clock, 'now'>
  readonly newId: () => Id
}

interface PageParams {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** The user who acts in a chat. */
export interface Actor {
  readonly subject: string
  /** Has the rights of the creator in every chat. */
  readonly isAdmin: boolean
  /** W3C trace context of the command. */
  readonly traceparent?: string | undefined
}

/**
 * Chats about videos. Results are those of the commands with the same names. Anyone may read a chat and ask in it. Only
 * its creator or an admin may delete it. Only they or the subject that asked may cancel an answer. Others get
 * `auth.forbidden`.
 */
export interface Chats {
  create(
    params: { readonly videoIds?: readonly Id[] | undefined; readonly title?: string | undefined },
    actor: Actor,
  ): Promise<{ chat: Chat; topic: string }>
  list(params: PageParams): Promise<{ chats: Chat[]; nextCursor?: string }>
  history(params: PageParams & { readonly chatId: Id }): Promise<{ messages: ChatMessage[]; nextCursor?: string }>
  /** Resolves once question and answer are stored. The answer then streams on `chat/<id>`. */
  ask(
    params: { readonly chatId: Id; readonly question: string },
    actor: Actor,
  ): Promise<{ questionId: Id; answerId: Id }>
  cancel(params: { readonly chatId: Id }, actor: Actor): Promise<{ answerId: Id }>
  remove(params: { readonly chatId: Id }, actor: Actor): Promise<{ chatId: Id }>
  /** Cancels running answers and waits until they are stored. */
  close(): Promise<void>
}

interface Running {
  readonly questionId: Id
  readonly answerId: Id
  readonly askedBy: Actor
  readonly controller: AbortController
  /** Resolves when the answer is stored, or when the question was refused. */
  done: Promise<unknown>
}

const PAGE = 50
/** Messages of a chat used as context of a question. */
const HISTORY = 10
/** Videos considered for questions about the whole library. */
const LIBRARY_VIDEOS = 10

/** Chats over the store, answered by the engine. */
export function createChats(options: ChatsOptions): Chats {
  const { store, text, newId } = options
  const running = new Map<Id, Running>()
  const now = () => new Date(options.clock.now()).toISOString()

  async function find(chatId: Id): Promise<Chat> {
    const chat = await store.chats.get(chatId)
    return chat ?? notFound(chatId)
  }

  /** Unlike `find`, accepts a damaged chat. */
  async function mustExist(chatId: Id): Promise<void> {
    if (!(await store.chats.has(chatId))) notFound(chatId)
  }

  /** The owner of a damaged chat is unknown, so only an admin may delete it. */
  async function assertMayEnd(chatId: Id, actor: Actor, deed: string): Promise<void> {
    const chat = await ignoreDamaged(() => store.chats.get(chatId))
    if (actor.isAdmin || chat?.createdBy === actor.subject) return
    throw new AppError('auth.forbidden', `Only the creator of the chat, or a token with the scope admin, may ${deed}.`)
  }

  async function begin(chatId: Id, question: string, run: Running) {
    const chat = await find(chatId)
    const history = await store.chats.latestMessages(chatId, HISTORY)
    const asked: ChatMessage = {
      id: run.questionId,
      chatId,
      role: 'user',
      text: question,
      state: 'completed',
      citations: [],
      createdAt: now(),
    }
    const answer: ChatMessage = { ...asked, id: run.answerId, role: 'assistant', text: '', state: 'answering' }
    await store.atomically(async ({ chats, events }) => {
      await chats.addMessages([asked, answer])
      await events.append([draft(`chat/${chatId}`, 'chat.message', { message: asked })])
    })
    return { finished: finish(run, { chat, question, answer, history }) }
  }

  async function finish(
    run: Running,
    { chat, question, answer, history }: { chat: Chat; question: string; answer: ChatMessage; history: ChatMessage[] },
  ): Promise<void> {
    const ids = { chatId: chat.id, answerId: answer.id, traceparent: run.askedBy.traceparent }
    try {
      const outcome = await runTurn(
        { ...options, events: store.events },
        {
          answer,
          question,
          history,
          retrieve: async () => retrieve({ store, text, scope: await scopeOf(store, chat), question, history }),
        },
        run.controller.signal,
      )
      if (outcome.error) options.logger.error({ err: outcome.error, ...ids }, 'an answer failed')
      // Released before the end is announced, because a client may ask again as soon as it gets that event.
      running.delete(chat.id)
      await endAnswer(store, outcome)
    } catch (error) {
      options.logger.error({ err: error, ...ids }, 'an answer could not be stored')
    } finally {
      running.delete(chat.id)
    }
  }

  return {
    async create({ videoIds = [], title }, { subject }) {
      const videos = await Promise.all(videoIds.map(id => existing(store, id)))
      const at = now()
      const chat: Chat = {
        id: newId(),
        title: title ?? titleOf(videos),
        videoIds: [...videoIds],
        createdBy: subject,
        createdAt: at,
        updatedAt: at,
      }
      await store.chats.insert(chat)
      return { chat, topic: `chat/${chat.id}` }
    },

    async list({ limit = PAGE, cursor }) {
      const { items, next } = await store.chats.list({ limit, cursor })
      return { chats: items, ...(next !== undefined && { nextCursor: next }) }
    },

    async history({ chatId, limit = PAGE, cursor }) {
      await mustExist(chatId)
      const { items, next } = await store.chats.messages(chatId, { limit, cursor })
      return { messages: items, ...(next !== undefined && { nextCursor: next }) }
    },

    async ask({ chatId, question }, actor) {
      if (running.has(chatId))
        throw new AppError('chat.busy', 'The chat is still answering; cancel it or wait for `chat.done`.')
      // Set before the first await, so that of two simultaneous questions one is refused.
      const run: Running = {
        // In this order, because ids sort by conversation order.
        questionId: newId(),
        answerId: newId(),
        askedBy: actor,
        controller: new AbortController(),
        done: Promise.resolve(),
      }
      running.set(chatId, run)
      const begun = begin(chatId, question, run)
      run.done = begun.then(
        ({ finished }) => finished,
        () => running.delete(chatId),
      )
      await begun
      return { questionId: run.questionId, answerId: run.answerId }
    },

    async cancel({ chatId }, actor) {
      await mustExist(chatId)
      const run = running.get(chatId)
      if (!run) throw new AppError('chat.not_answering', 'The chat has no answer in progress.')
      if (run.askedBy.subject !== actor.subject)
        await assertMayEnd(chatId, actor, 'cancel an answer somebody else asked for')
      run.controller.abort(new Error('the answer was cancelled'))
      await run.done
      return { answerId: run.answerId }
    },

    async remove({ chatId }, actor) {
      await mustExist(chatId)
      await assertMayEnd(chatId, actor, 'delete it')
      const run = running.get(chatId)
      run?.controller.abort(new Error('the chat was deleted'))
      await run?.done
      const removed = await store.atomically(async ({ chats, events }) => {
        const wasThere = await chats.remove(chatId)
        if (wasThere) await events.append([draft(`chat/${chatId}`, 'chat.deleted', { chatId })])
        return wasThere
      })
      if (!removed) notFound(chatId)
      return { chatId }
    },

    async close() {
      const runs = [...running.values()]
      for (const run of runs) run.controller.abort(new Error('the server is shutting down'))
      await Promise.all(runs.map(run => run.done))
    },
  }
}

function notFound(chatId: Id): never {
  throw new AppError('chat.not_found', `There is no chat ${chatId}; chat.list lists them.`)
}

async function existing(store: ChatsOptions['store'], id: Id): Promise<Video> {
  const video = await store.videos.get(id)
  if (!video) throw new AppError('video.not_found', `There is no video ${id}; video.list lists them.`)
  return video
}

/** The videos of a chat that still exist and can be read. */
async function scopeOf(store: ChatsOptions['store'], chat: Chat): Promise<Scope> {
  if (chat.videoIds.length === 0) {
    const { items } = await store.videos.list({ limit: LIBRARY_VIDEOS })
    return { videos: items, wholeLibrary: true }
  }
  const videos = await Promise.all(chat.videoIds.map(id => ignoreDamaged(() => store.videos.get(id))))
  return { videos: videos.flatMap(video => video ?? []), wholeLibrary: false }
}

function titleOf([first, ...others]: readonly Video[]): string {
  if (!first) return 'Library'
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return cut(first.title, LIMITS.titleLength - more.length) + more
}
