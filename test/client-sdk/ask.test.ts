import { COMMANDS, EVENTS } from '@cuewire/protocol'
import t from 'tap'
import { connected } from '../support/client.js'
import type { FakeConnection } from '../support/fake-server.js'

const { chatId } = EVENTS['chat.delta'].example
const topic = `chat/${chatId}`
const { example } = COMMANDS['chat.ask']
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

t.test('an answer of which a part is lost throws and names where it can be read', async t => {
  const { server, client } = await withChat(t, event => event('chat.delta', delta))
  const answer = client.ask(chatId, 'When?')
  await answer.next()
  server.on('subscribe', () => ({ topic, epoch: 'e2', seq: 7, recovery: 'gap', oldest: 8 }))
  const next = answer.next()
  server.connection.cut()
  await t.rejects(next, { name: 'ClientError', message: /chat\.history/ })
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
