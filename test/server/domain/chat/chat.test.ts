import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import type { ChatMessage } from '@cuewire/protocol'
import { COMMANDS, EVENTS } from '@cuewire/protocol'
import type { AnswerEngine, AnswerPiece } from '@cuewire/server/domain/chat/engine.js'
import { plainSentences } from '@cuewire/server/domain/chat/engines/plain-sentences.js'
import { Ajv } from 'ajv'
import t from 'tap'
import { ADA, openChats } from '../../../support/chats.js'
import { newId } from '../../../support/entities.js'
import { addTalk } from '../../../support/talk-library.js'

const engine = (answer: AnswerEngine['answer']): AnswerEngine => ({ ...plainSentences, name: 'scripted', answer })
const ajv = new Ajv({ strict: false })

t.test('an answer streams as question, passages, words, citations, end; each fits its schema', async t => {
  const { store, chats, events, next, newChat } = await openChats(t)
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const chatId = await newChat([video.id])
  const ids = await chats.ask({ chatId, question: 'When do the boats leave?' }, ADA)
  await next('chat.done')
  const types = events.map(({ type }) => type)
  t.same(types.slice(0, 3), ['chat.message', 'chat.retrieval', 'chat.delta'])
  t.ok(types.includes('chat.citation'))
  t.equal(types.at(-1), 'chat.done')
  for (const { topic, type, data } of events) {
    t.equal(topic, `chat/${chatId}`)
    t.ok(ajv.validate(EVENTS[type].data, data), `${type}: ${ajv.errorsText()}`)
  }
  const said = events
    .filter(({ type }) => type === 'chat.delta')
    .map(({ data }) => data['text'])
    .join('')
  const { messages } = await chats.history({ chatId })
  t.ok(ajv.validate(COMMANDS['chat.history'].result, { messages }), ajv.errorsText())
  t.match(messages, [
    { id: ids.questionId, role: 'user', text: 'When do the boats leave?' },
    { id: ids.answerId, role: 'assistant', state: 'completed', text: said, citations: [{ quote: /before dawn/ }] },
  ])
})

t.test('a number that no passage has is dropped and counted', async t => {
  const { store, ask, newChat, warnings } = await openChats(
    t,
    engine(async function* () {
      yield { type: 'text', text: 'At dawn.' }
      yield { type: 'cite', number: 99 }
      yield { type: 'cite', number: 1 }
    }),
  )
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const answer = await ask(await newChat([video.id]), 'When do the boats leave?')
  t.equal(answer.text, 'At dawn. [1]')
  t.same(
    answer.citations.map(({ number }) => number),
    [1],
  )
  t.same(warnings, ['the engine cited passages it was not given'])
})

t.test('brackets with a number in what an engine says are no marks, also when they come in pieces', async t => {
  const said = ['As figure [2] shows, [', '1', '] comes [at', ' dawn [3', 'x], [12', ']', ' or [']
  const { store, ask, newChat } = await openChats(
    t,
    engine(async function* () {
      for (const text of said) yield { type: 'text', text }
      yield { type: 'cite', number: 1 }
      yield { type: 'text', text: ' [4' }
    }),
  )
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const answer = await ask(await newChat([video.id]), 'When do the boats leave?')
  t.equal(answer.text, 'As figure (2) shows, (1) comes [at dawn [3x], (12) or [ [1] [4')
})

t.test('a cancelled answer keeps what was said, and a second question waits its turn', async t => {
  const { store, chats, newChat, next } = await openChats(
    t,
    engine(async function* (_, signal): AsyncGenerator<AnswerPiece> {
      yield { type: 'text', text: 'At dawn' }
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      yield { type: 'text', text: ' never said' }
    }),
  )
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const chatId = await newChat([video.id])
  const question = 'When do the boats leave?'
  const [first, second] = await Promise.allSettled([
    chats.ask({ chatId, question }, ADA),
    chats.ask({ chatId, question }, ADA),
  ])
  t.equal(first?.status, 'fulfilled')
  t.match(second, { status: 'rejected', reason: { code: 'chat.busy' } })
  await next('chat.delta')
  await chats.cancel({ chatId }, ADA)
  const { data } = await next('chat.done')
  t.match(data, { message: { state: 'cancelled', text: 'At dawn' } })
  t.match((await chats.history({ chatId })).messages.at(-1), { state: 'cancelled', text: 'At dawn' })
  await t.rejects(chats.cancel({ chatId }, ADA), { code: 'chat.not_answering' })
})

t.test('an engine that hangs and ignores the signal cannot hold a chat', async t => {
  const { store, chats, newChat, next } = await openChats(
    t,
    engine(async function* (): AsyncGenerator<AnswerPiece> {
      yield { type: 'text', text: 'Well' }
      await new Promise(() => undefined)
    }),
  )
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const chatId = await newChat([video.id])
  await chats.ask({ chatId, question: 'When do the boats leave?' }, ADA)
  await next('chat.delta')
  await chats.cancel({ chatId }, ADA)
  t.match((await next('chat.done')).data, { message: { state: 'cancelled', text: 'Well' } })
})

t.test('a failing engine ends as failed, keeps what was said, and its secrets stay in the log', async t => {
  const { store, chats, newChat, next, warnings } = await openChats(
    t,
    engine(async function* () {
      yield { type: 'text', text: 'Well' }
      throw new Error('key sk-123 refused')
    }),
  )
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const chatId = await newChat([video.id])
  await chats.ask({ chatId, question: 'When do the boats leave?' }, ADA)
  const { data } = await next('chat.failed')
  t.match(data, { chatId, error: { code: 'server.internal', retryable: true } })
  t.notMatch(JSON.stringify(data), /sk-123/)
  t.match((await chats.history({ chatId })).messages.at(-1), { state: 'failed', text: 'Well' })
  t.same(warnings, ['an answer failed'])
  await chats.ask({ chatId, question: 'And now?' }, ADA)
  await next('chat.failed')
})

t.test('a chat about a video that does not exist is refused, as is an unknown chat', async t => {
  const { chats } = await openChats(t)
  await t.rejects(chats.create({ videoIds: [newId()] }, ADA), { code: 'video.not_found' })
  const unknown = { chatId: newId() }
  const calls: Promise<unknown>[] = [
    chats.history(unknown),
    chats.cancel(unknown, ADA),
    chats.remove(unknown, ADA),
    chats.ask({ ...unknown, question: 'Hm?' }, ADA),
  ]
  for (const call of calls) await t.rejects(call, { code: 'chat.not_found' })
})

t.test('a deleted video drops out of its chats', async t => {
  const { store, ask, newChat } = await openChats(t)
  const [boats, whales] = [
    await addTalk(store, { passages: [PASSAGES.boats] }),
    await addTalk(store, { passages: [PASSAGES.whales] }),
  ]
  const chatId = await newChat([boats.id, whales.id])
  t.match(await ask(chatId, 'What do whales eat?'), { abstained: false })
  await store.videos.remove(whales.id)
  t.match(await ask(chatId, 'How much milk does a calf drink?'), { abstained: true, citations: [] })
  await store.videos.remove(boats.id)
  t.match(await ask(chatId, 'When do the boats leave?'), { abstained: true, text: /no video/ })
})

t.test('a chat without videos is about the whole library', async t => {
  const { store, ask, newChat, chats } = await openChats(t)
  await addTalk(store, { passages: [PASSAGES.boats], title: 'Harbour' })
  const whales = await addTalk(store, { passages: [PASSAGES.whales], title: 'Sea' })
  const chatId = await newChat()
  t.match(await ask(chatId, 'How deep do sperm whales dive?'), {
    citations: [{ videoId: whales.id, quote: /two kilometres/ }],
  })
  t.match((await chats.list({})).chats, [{ id: chatId, title: 'Library', videoIds: [] }])
})

t.test('a chat lists under the title of its video, pages its history, and is gone when deleted', async t => {
  const { store, chats, ask, newChat } = await openChats(t)
  const video = await addTalk(store, { passages: [PASSAGES.boats], title: 'Harbour' })
  const chatId = await newChat([video.id])
  await ask(chatId, 'When do the boats leave?')
  await ask(chatId, 'Who is the captain?')
  t.match((await chats.list({})).chats, [{ title: 'Harbour' }])
  const read: ChatMessage[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await chats.history({ chatId, limit: 3, cursor })
    read.push(...page.messages)
    cursor = page.nextCursor
    if (cursor === undefined) break
  }
  t.same(
    read.map(({ role }) => role),
    ['user', 'assistant', 'user', 'assistant'],
  )
  const ids = read.map(({ id }) => id)
  t.same(ids, [...ids].sort(), 'the ids sort as the conversation went')
  await chats.remove({ chatId }, ADA)
  await t.rejects(chats.history({ chatId }), { code: 'chat.not_found' })
})

t.test('who listens to a chat learns that it was deleted, once, after the end of its answer', async t => {
  const { store, chats, newChat, next, events } = await openChats(
    t,
    engine(async function* (_, signal): AsyncGenerator<AnswerPiece> {
      yield { type: 'text', text: 'At dawn' }
      await new Promise(resolve => signal.addEventListener('abort', resolve))
    }),
  )
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const chatId = await newChat([video.id])
  await chats.ask({ chatId, question: 'When do the boats leave?' }, ADA)
  await next('chat.delta')
  const outcomes = await Promise.allSettled([chats.remove({ chatId }, ADA), chats.remove({ chatId }, ADA)])
  t.ok(outcomes.some(({ status }) => status === 'fulfilled'))
  t.match(events.slice(-2), [
    { type: 'chat.done', data: { message: { state: 'cancelled' } } },
    { topic: `chat/${chatId}`, type: 'chat.deleted', data: { chatId } },
  ])
  t.equal(events.filter(({ type }) => type === 'chat.deleted').length, 1)
})

t.test('only who opened a chat, or an admin, deletes it; cancelling is also for the one who asked', async t => {
  const slow: AnswerEngine = {
    ...plainSentences,
    name: 'slow',
    async *answer(_request, signal) {
      yield { type: 'text', text: 'Well' }
      await new Promise(resolve => signal.addEventListener('abort', resolve))
    },
  }
  const { store, chats, next } = await openChats(t, slow)
  const video = await addTalk(store, { passages: [PASSAGES.boats] })
  const [bob, eve, admin] = [
    { subject: 'bob', isAdmin: false },
    { subject: 'eve', isAdmin: false },
    { subject: 'root', isAdmin: true },
  ]
  const { chat } = await chats.create({ videoIds: [video.id] }, ADA)
  const chatId = chat.id
  t.equal(chat.createdBy, 'ada')
  const forbidden = { code: 'auth.forbidden', message: /admin/ }
  for (const who of [bob, eve]) await t.rejects(chats.remove({ chatId }, who), forbidden)
  for (const who of [ADA, admin, bob]) {
    await chats.ask({ chatId, question: 'When do the boats leave?' }, bob)
    await next('chat.delta')
    await t.rejects(chats.cancel({ chatId }, eve), forbidden, 'it is neither her chat nor her question')
    await t.rejects(chats.remove({ chatId }, bob), forbidden)
    await chats.cancel({ chatId }, who)
  }
  await chats.remove({ chatId }, ADA)

  const other = (await chats.create({ videoIds: [video.id] }, ADA)).chat.id
  await chats.remove({ chatId: other }, admin)
  const { createdBy: _, ...nobodys } = chat
  await store.chats.insert(nobodys)
  await t.rejects(chats.remove({ chatId }, ADA), forbidden, 'a chat from before creators were known is for admins')
  await chats.remove({ chatId }, admin)
})
