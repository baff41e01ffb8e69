import { LIMITS } from '@cuewire/protocol'
import { AppError } from '@cuewire/server/lib/app-error.js'
import { deferred } from '@cuewire/server/lib/deferred.js'
import { Idempotency, type KeyedCommand } from '@cuewire/server/sessions/idempotency.js'
import { LOCAL_PRINCIPAL, type Principal } from '@cuewire/server/sessions/principal.js'
import t from 'tap'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'
import { SECRET, token } from '../../support/tokens.js'

const principal = (subject: string, tenant = 'default'): Principal => ({ ...LOCAL_PRINCIPAL, subject, tenant })
const COMMAND: KeyedCommand = {
  principal: principal('ada'),
  key: 'k',
  name: 'chat.create',
  params: { title: 'Boats', videoIds: [] },
}

/** Work that counts how often it is done, and comes to that number. */
function counted() {
  const work = () => ++work.times
  work.times = 0
  return work
}

t.test('the same key gives the first result again', async t => {
  const idempotency = new Idempotency()
  const work = counted()
  t.equal(await idempotency.run(COMMAND, work), 1)
  t.equal(await idempotency.run(COMMAND, work), 1)
  t.equal(await idempotency.run({ ...COMMAND, params: { videoIds: [], title: 'Boats' } }, work), 1, 'in another order')
  t.equal(await idempotency.run({ ...COMMAND, key: 'other' }, work), 2)
})

t.test('while the first is under way, the second waits for it', async t => {
  const idempotency = new Idempotency()
  const first = deferred<string>()
  const results = [
    idempotency.run(COMMAND, () => first.promise),
    idempotency.run(COMMAND, () => t.fail('it ran twice')),
  ]
  first.resolve('once')
  t.same(await Promise.all(results), ['once', 'once'])
})

t.test('another command or other data under the key is a mismatch, and does not run', async t => {
  const idempotency = new Idempotency()
  await idempotency.run(COMMAND, () => 'first')
  for (const other of [
    { ...COMMAND, params: { title: 'Trains', videoIds: [] } },
    { ...COMMAND, params: {} },
    { ...COMMAND, name: 'video.update' as const },
  ]) {
    await t.rejects(
      idempotency.run(other, () => t.fail('it ran')),
      { code: 'idempotency.mismatch' },
    )
  }
  t.equal(await idempotency.run(COMMAND, () => 'second'), 'first', 'the first is kept')
})

t.test('keys belong to a subject of a tenant; no choice of names makes two of them one', async t => {
  const idempotency = new Idempotency()
  const work = counted()
  const owners: [tenant: string, subject: string, key: string][] = [
    ['default', 'ada', 'k'],
    ['other', 'ada', 'k'],
    ['default', 'bob', 'k'],
    ['default', 'ada k', 'k'],
    ['default', 'ada', 'k k'],
    ['default', 'ada","k', 'k'],
    ['default', 'ada', 'k","k'],
  ]
  for (const [tenant, subject, key] of owners) {
    await idempotency.run({ ...COMMAND, principal: principal(subject, tenant), key }, work)
  }
  t.equal(work.times, owners.length)
})

t.test('a failure that may pass is forgotten, another one is given again', async t => {
  const idempotency = new Idempotency()
  for (const [code, expected] of [
    ['queue.full', 2],
    ['server.internal', 2],
    ['video.not_found', 1],
  ] as const) {
    const work = counted()
    for (let i = 0; i < 2; i++) {
      const failing = idempotency.run({ ...COMMAND, key: code }, () => {
        work()
        throw code === 'server.internal' ? new Error('a fault of ours') : new AppError(code, 'as scripted')
      })
      await t.rejects(failing)
    }
    t.equal(work.times, expected, code)
  }
})

t.test('a result is kept for as long as the protocol says', async t => {
  let now = 0
  const idempotency = new Idempotency(() => now)
  const work = counted()
  await idempotency.run(COMMAND, work)
  now = LIMITS.idempotencyMs - 1
  t.equal(await idempotency.run(COMMAND, work), 1)
  now = LIMITS.idempotencyMs
  t.equal(await idempotency.run(COMMAND, work), 2)
  now *= 3
  await idempotency.run({ ...COMMAND, key: 'other' }, work)
  t.equal(idempotency.size, 1, 'what is too old is dropped')
})

t.test('10,000 keys are kept, the oldest goes first, but never one that is under way', async t => {
  const idempotency = new Idempotency()
  const slow = deferred<string>()
  const waiting = idempotency.run({ ...COMMAND, key: 'slow' }, () => slow.promise)
  for (let i = 0; i < 10_001; i++) await idempotency.run({ ...COMMAND, key: `${i}` }, () => i)
  t.equal(idempotency.size, 10_000)
  t.equal(await idempotency.run({ ...COMMAND, key: '10000' }, () => 'again'), 10_000)
  t.equal(await idempotency.run({ ...COMMAND, key: '0' }, () => 'again'), 'again')
  const joined = idempotency.run({ ...COMMAND, key: 'slow' }, () => t.fail('it ran twice'))
  slow.resolve('done')
  t.same(await Promise.all([waiting, joined]), ['done', 'done'])
})

t.test('over two connections a key creates one chat; a look-up ignores its key', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const scope = 'read write chat'
  const [first, again, bob] = [
    await RawSocket.open(t, port, token({ scope })),
    await RawSocket.open(t, port, token({ scope })),
    await RawSocket.open(t, port, token({ scope, sub: 'bob' })),
  ]
  const create = async (socket: RawSocket, data: object, type = 'chat.create') => {
    socket.send({ type, id: type, key: 'k', data })
    return socket.next(({ id }) => id === type)
  }
  const created = await create(first, { title: 'Boats' })
  t.match(created, { type: 'reply', data: { chat: { title: 'Boats' } } })
  t.same(await create(again, { title: 'Boats' }), created)
  t.match(await create(again, { title: 'Trains' }), { error: { code: 'idempotency.mismatch', retryable: false } })
  t.match(await create(bob, { title: 'Trains' }), { type: 'reply', data: { chat: { title: 'Trains' } } })
  for (const limit of [1, 2]) t.match(await create(first, { limit }, 'chat.list'), { type: 'reply' })
  t.match(await first.command('chat.list'), { data: { chats: { length: 2 } } })
})
