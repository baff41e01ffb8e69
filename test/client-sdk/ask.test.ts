import type { AnswerEvent } from '@cuewire/client'
import { type ChatMessage, COMMANDS, EVENTS } from '@cuewire/protocol'
import t from 'tap'
import { connected } from '../support/client.js'
import type { FakeConnection } from '../support/fake-server.js'

const { chatId } = EVENTS['chat.delta'].example
const topic = `chat/${chatId}`
const { example } = COMMANDS['chat.ask']
const ANSWER = EVENTS['chat.done'].example.message
const OTHER = '01JD7Z4S8G7P5N3M1R9V6X2BZZ'

/** A chat whose answer is what `answer` sends; the numbers of its events count by themselves. */
async function withChat(
  t: Parameters<typeof connected>[0],
  answer: (event: (type: string, data: object) => void) => void,
) {
  const { server, client } = await connected(t)
  let seq = 0
  const event = (connection: FakeConnection) => (type: string, data: object) =>
    connection.event(type, data, { topic, seq: ++seq })
  server.on('subscribe', () => ({ topic, epoch: 'e1', seq, recovery: 'current' }))
  server.on('unsubscribe', () => ({ topic }))
  server.on('chat.cancel', () => COMMANDS['chat.cancel'].example.result)
  server.on('chat.ask', (command, connection) => {
    // The first events overtake the reply, as they may: topic and reply are different streams.
    answer(event(connection))
    connection.reply(command, example.result)
  })
  return { server, client }
}

const delta = EVENTS['chat.delta'].example

t.test('an answer streams from its question to chat.done, and only this answer', async t => {
  const { server, client } = await withChat(t, event => {
    event('chat.message', EVENTS['chat.message'].example)
    event('chat.delta', { ...delta, answerId: OTHER, text: 'of another answer' })
    event('chat.retrieval', EVENTS['chat.retrieval'].example)
    event('chat.delta', delta)
    event('chat.citation', EVENTS['chat.citation'].example)
    event('chat.done', EVENTS['chat.done'].example)
    event('chat.delta', delta)
  })
  let text = ''
  const types: string[] = []
  for await (const event of client.ask(chatId, 'When do the boats leave?')) {
    types.push(event.type)
    if (event.type === 'chat.delta') text += event.data.text
  }
  t.same(types, ['chat.message', 'chat.retrieval', 'chat.delta', 'chat.citation', 'chat.done'])
  t.equal(text, delta.text)
  t.same(server.connection.received.map(({ type }) => type).slice(0, 2), ['subscribe', 'chat.ask'])
  await server.until(() => server.commands('unsubscribe').length === 1)
  t.equal(server.commands('chat.cancel').length, 0)
})

t.test('a failed answer throws its error', async t => {
  const { client } = await withChat(t, event => event('chat.failed', EVENTS['chat.failed'].example))
  await t.rejects(client.ask(chatId, 'When?').next(), { name: 'RemoteError', code: 'server.internal' })
})

t.test('an abort cancels the answer on the server', async t => {
  const { server, client } = await withChat(t, event => event('chat.delta', delta))
  const controller = new AbortController()
  const answer = client.ask(chatId, 'When?', { signal: controller.signal })
  t.match(await answer.next(), { value: { type: 'chat.delta' } })
  const reason = new Error('enough')
  const next = answer.next()
  controller.abort(reason)
  await t.rejects(next, reason)
  t.same(
    server.commands('chat.cancel').map(({ data }) => data),
    [{ chatId }],
  )
})

t.test('leaving the loop lets the answer go on', async t => {
  const { server, client } = await withChat(t, event => event('chat.delta', delta))
  for await (const _ of client.ask(chatId, 'When?')) break
  await server.until(() => server.commands('unsubscribe').length === 1)
  t.equal(server.commands('chat.cancel').length, 0)
})

const [citation] = ANSWER.citations

/** An answer of which the first words are heard before a restart; then `chat.history` has what is given. */
async function overRestart(t: Parameters<typeof connected>[0], messages: readonly ChatMessage[]) {
  const { server, client } = await withChat(t, event => event('chat.delta', { ...delta, text: 'The boats ' }))
  const answer = client.ask(chatId, 'When?')
  await answer.next()
  server.on('chat.history', ({ data }) =>
    data['cursor'] === undefined
      ? { messages: messages.slice(0, 1), nextCursor: 'more' }
      : { messages: messages.slice(1) },
  )
  server.on('subscribe', () => ({ topic, epoch: 'e2', seq: 7, recovery: 'gap', oldest: 8 }))
  return { server, answer }
}

async function rest(answer: AsyncIterable<AnswerEvent>): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = []
  for await (const event of answer) events.push(event)
  return events
}

const QUESTION = { ...ANSWER, id: example.result.questionId, role: 'user' as const, citations: [] }

t.test('what a restart took of an answer is made good from chat.history', async t => {
  for (const state of ['completed', 'cancelled'] as const) {
    const message = { ...ANSWER, state }
    const { server, answer } = await overRestart(t, [QUESTION, message])
    server.connection.cut()
    t.match(await rest(answer), [
      { type: 'chat.delta', topic, data: { chatId, answerId: ANSWER.id, text: 'leave before dawn. [1]' } },
      { type: 'chat.citation', topic, data: { chatId, answerId: ANSWER.id, citation } },
      { type: 'chat.done', topic, data: { message } },
    ])
  }
})

t.test('an answer that goes on after a gap ends with what was missed, each part once', async t => {
  const { server, answer } = await overRestart(t, [
    QUESTION,
    { ...ANSWER, state: 'answering', text: '', citations: [] },
  ])
  server.connection.cut()
  const ended = rest(answer)
  await server.until(() => server.commands('chat.history').length === 2)
  server.connection.event('chat.delta', { ...delta, text: 'dawn.' }, { topic, seq: 8 })
  server.connection.event('chat.done', { message: ANSWER }, { topic, seq: 9 })
  t.match(await ended, [
    { type: 'chat.delta', data: { text: 'leave before dawn. [1]' } },
    { type: 'chat.citation', data: { citation } },
    { type: 'chat.done', data: { message: ANSWER } },
  ])
})

t.test('an answer that a restart cut off, or that is gone, throws', async t => {
  const failed = await overRestart(t, [QUESTION, { ...ANSWER, state: 'failed', text: '', citations: [] }])
  failed.server.connection.cut()
  await t.rejects(rest(failed.answer), { name: 'ConnectionError', retryable: true, message: /cut off.*ask again/ })
  t.equal(failed.server.commands('chat.cancel').length, 0)
  const gone = await overRestart(t, [QUESTION])
  gone.server.connection.cut()
  await t.rejects(rest(gone.answer), { name: 'ClientError', message: /chat\.history has none/ })
})

t.test('a question whose reply is lost is sent again with its key', async t => {
  const { server, client } = await withChat(t, event => event('chat.done', EVENTS['chat.done'].example))
  const answer = client.ask(chatId, 'When?')
  server.on('chat.ask', (_, connection) => {
    server.on('chat.ask', (command, next) => {
      next.event('chat.done', EVENTS['chat.done'].example, { topic, seq: 1 })
      next.reply(command, example.result)
    })
    connection.cut()
  })
  t.match(await answer.next(), { value: { type: 'chat.done' } })
  const [first, second] = server.commands('chat.ask')
  t.ok(first?.key)
  t.equal(first?.key, second?.key)
  t.same(first?.data, second?.data)

  server.on('chat.ask', (_, connection) => connection.cut())
  await t.rejects(client.ask(chatId, 'When?').next(), { name: 'ConnectionError', message: /got no reply/ })
  t.equal(server.commands('chat.ask').length, 5, 'but not for ever')
})

t.test('a refused question throws the refusal', async t => {
  const { server, client } = await withChat(t, () => undefined)
  server.on('chat.ask', (command, connection) => connection.error(command, 'chat.busy', { retryable: true }))
  await t.rejects(client.ask(chatId, 'When?').next(), { name: 'RemoteError', code: 'chat.busy' })
})

t.test('closing the client ends an answer with an error, as it is not complete', async t => {
  const { client } = await withChat(t, event => event('chat.delta', delta))
  const answer = client.ask(chatId, 'When?')
  await answer.next()
  const next = answer.next()
  await Promise.all([client.close(), t.rejects(next, { name: 'ConnectionError', message: /before the answer/ })])
})
