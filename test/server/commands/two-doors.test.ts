import { COMMANDS, type CommandName } from '@cuewire/protocol'
import t from 'tap'
import { postCommand } from '../../support/post-command.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'

const NAMES = Object.keys(COMMANDS) as CommandName[]

/** What differs from one run of a command to the next: ids and times. */
const masked = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/[0-9A-HJKMNP-TV-Z]{26}/g, 'ID')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'),
  )

t.test('every example of the protocol has the same outcome over HTTP as over the WebSocket', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  for (const name of NAMES) {
    const data = COMMANDS[name].example.params
    const { status, body } = await postCommand(port, name, { data })
    if (COMMANDS[name].needs === 'socket') {
      t.match([status, body.code], [400, 'command.needs_socket'], name)
      continue
    }
    const reply = await socket.command(name, data)
    if (reply.error) t.match([body.code, body['detail']], [reply.error.code, reply.error.message], name)
    else if (name === 'admin.stats') t.same(Object.keys(body), Object.keys(reply.data ?? {}), name)
    else t.same(masked(body), masked(reply.data), name)
    t.equal(status === 200, reply.error === undefined, `${name}: ${status}`)
  }
})

t.test('invalid data have the same code over both doors; pointers go into the body', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  for (const name of NAMES.filter(name => COMMANDS[name].needs !== 'socket')) {
    const data = { ...COMMANDS[name].example.params, made: { up: 1 } }
    const { error } = await socket.command(name, data)
    const { status, body } = await postCommand(port, name, { data })
    t.match([status, body.code], [400, error?.code], name)
    t.same(
      body.details?.map(({ pointer }) => `/data${pointer}`),
      error?.details?.map(({ pointer }) => pointer),
      name,
    )
  }
})

t.test('a key gives the first reply, whichever door the command and its retry come through', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  const overSocket = async (key: string, data: object) => {
    socket.send({ type: 'chat.create', id: key, key, data })
    return socket.next(({ id }) => id === key)
  }
  const overHttp = (key: string, data: object) =>
    postCommand(port, 'chat.create', { data, headers: { 'idempotency-key': key } })

  const first = await overSocket('from the socket', { title: 'one' })
  t.same((await overHttp('from the socket', { title: 'one' })).body, first.data)
  const { body } = await overHttp('from HTTP', { title: 'two' })
  t.same((await overSocket('from HTTP', { title: 'two' })).data, body)
  t.same((await overHttp('from HTTP', { title: 'two' })).body, body)
  t.match(await overHttp('from HTTP', { title: 'three' }), { status: 409, body: { code: 'idempotency.mismatch' } })
  const { data } = await socket.command('chat.list')
  t.equal((data?.['chats'] as unknown[] | undefined)?.length, 2)
})

t.test('the same key sent through both doors at once runs the command once', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  socket.send({ type: 'chat.create', id: 1, key: 'both', data: { title: 'one' } })
  const [reply, { body }] = await Promise.all([
    socket.next(({ id }) => id === 1),
    postCommand(port, 'chat.create', { data: { title: 'one' }, headers: { 'idempotency-key': 'both' } }),
  ])
  t.same(reply.data, body)
})

t.test('the events of a command sent over HTTP go to the topic', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  const { body } = await postCommand(port, 'chat.create')
  const { id: chatId } = body['chat'] as { readonly id: string }
  await socket.command('subscribe', { topic: `chat/${chatId}` })
  const asked = await postCommand(port, 'chat.ask', { data: { chatId, question: 'When do the boats leave?' } })
  t.match(asked, { status: 200, body: { answerId: String } })
  const done = await socket.next(({ type }) => type === 'chat.done' || type === 'chat.failed')
  t.match(done, { type: 'chat.done', topic: `chat/${chatId}` })
})
