import { setImmediate } from 'node:timers/promises'
import { type ChatMessage, type EventData, type EventName, LIMITS } from '@cuewire/protocol'
import { abortable } from '../../lib/abortable.js'
import { toAppError } from '../../lib/app-error.js'
import { lengthOf, toText } from '../../lib/text.js'
import type { EventStore } from '../../storage/event-log.js'
import { draft } from '../event-drafts.js'
import { Citations } from './citations.js'
import type { EndedAnswer } from './end-answer.js'
import type { AnswerEngine, EngineRequest } from './engine.js'
import type { Evidence } from './evidence/evidence.js'
import type { QuestionIntent } from './intent.js'
import { numbered, toPublic } from './passages.js'
import type { Retrieved } from './retrieve.js'
import { WithoutMarks } from './without-marks.js'

export interface Turn {
  /** The answer as it was stored, still empty. */
  readonly answer: ChatMessage
  readonly question: string
  readonly history: readonly ChatMessage[]
  retrieve(): Promise<Retrieved>
}

export interface AnswerPorts {
  readonly events: Pick<EventStore, 'append'>
  readonly engine: AnswerEngine
  readonly logger: ChatLog
}

/** The part of the server's logger that chats use. */
export interface ChatLog {
  warn(data: object, message: string): void
  error(data: object, message: string): void
}

/**
 * Retrieves evidence, streams the answer as events, and returns the message to store. Never throws: a failure is an
 * outcome.
 */
export async function runTurn(ports: AnswerPorts, turn: Turn, signal: AbortSignal): Promise<EndedAnswer> {
  const answer = new Draft(ports, turn.answer)
  try {
    const retrieved = await abortable(turn.retrieve(), signal)
    if ('smalltalk' in retrieved) await answer.reply(ports.engine.smalltalk(retrieved.smalltalk))
    else await answer.write(retrieved.evidence, { intent: retrieved.intent, turn }, signal)
    return { message: answer.message('completed') }
  } catch (error) {
    if (signal.aborted) return { message: answer.message('cancelled') }
    return { message: answer.message('failed'), error: toAppError(error) }
  }
}

class Draft {
  #text = ''
  /** Characters of the text. */
  #length = 0
  #citations = new Citations([])
  #about: Partial<Pick<ChatMessage, 'confidence' | 'abstained'>> = {}

  private readonly topic: string
  private readonly ids: { readonly chatId: string; readonly answerId: string }

  constructor(
    private readonly ports: AnswerPorts,
    private readonly answer: ChatMessage,
  ) {
    this.topic = `chat/${answer.chatId}`
    this.ids = { chatId: answer.chatId, answerId: answer.id }
  }

  message(state: ChatMessage['state']): ChatMessage {
    return { ...this.answer, state, text: this.#text, citations: this.#citations.all, ...this.#about }
  }

  /** Answers a message that asks nothing: without retrieval, and so without confidence. */
  async reply(text: string): Promise<void> {
    this.#about = { abstained: false }
    await this.tell('chat.retrieval', { ...this.ids, passages: [] })
    await this.say(text)
  }

  async write(
    evidence: Evidence,
    { intent, turn }: { readonly intent: QuestionIntent; readonly turn: Turn },
    signal: AbortSignal,
  ): Promise<void> {
    const passages = numbered(evidence.passages ?? [])
    this.#citations = new Citations(passages)
    await this.tell('chat.retrieval', { ...this.ids, passages: passages.map(toPublic) })
    if ('abstain' in evidence) {
      this.#about = { abstained: true, confidence: 'low' }
      await this.say(this.ports.engine.abstain(evidence.abstain, evidence.gaps))
      return
    }
    this.#about = { abstained: false, confidence: evidence.confidence }
    await this.stream({ question: turn.question, intent, passages, history: turn.history }, signal)
    if (this.#citations.unknown > 0)
      this.ports.logger.warn(
        { answerId: this.answer.id, engine: this.ports.engine.name, dropped: this.#citations.unknown },
        'the engine cited passages it was not given',
      )
  }

  private async stream(request: EngineRequest, signal: AbortSignal): Promise<void> {
    const pieces = this.ports.engine.answer(request, signal)[Symbol.asyncIterator]()
    const plain = new WithoutMarks()
    try {
      for (;;) {
        // Lets a cancel arrive between pieces even if the engine never yields.
        await setImmediate()
        const { done, value } = await abortable(pieces.next(), signal)
        const isText = !done && value.type === 'text'
        await this.say(isText ? plain.next(value.text) : plain.end())
        if (done) return
        if (value.type === 'cite') await this.cite(value.number)
      }
    } finally {
      // Not awaited: an engine that hangs would block the chat, and its failure no longer matters.
      pieces.return?.().catch(error => this.ports.logger.warn({ err: error }, 'the engine failed while ending'))
    }
  }

  private async say(text: string): Promise<void> {
    const piece = toText(text, LIMITS.textLength - this.#length)
    if (piece === '') return
    this.#text += piece
    this.#length += lengthOf(piece)
    await this.tell('chat.delta', { ...this.ids, text: piece })
  }

  private async cite(number: number): Promise<void> {
    const cited = this.#citations.cite(number)
    if (!cited) return
    await this.say(` [${number}]`)
    if (cited.isNew) await this.tell('chat.citation', { ...this.ids, citation: cited.citation })
  }

  private async tell<N extends EventName>(type: N, data: EventData<N>): Promise<void> {
    await this.ports.events.append([draft(this.topic, type, data)])
  }
}
