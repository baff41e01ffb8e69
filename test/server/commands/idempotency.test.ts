import { once } from 'node:events'
import { join } from 'node:path'
import { LIMITS } from '@cuewire/protocol'
import { expireOutcomes, Idempotency, type KeyedCommand } from '@cuewire/server/commands/idempotency.js'
import { AppError } from '@cuewire/server/lib/app-error.js'
import { steadyTime } from '@cuewire/server/lib/clock.js'
import { deferred } from '@cuewire/server/lib/deferred.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t, { type Test } from 'tap'
import { FakeClock } from '../../support/fake-clock.js'
import { RawSocket } from '../../support/raw-socket.js'
import { seedTenant } from '../../support/seeded-tenant.js'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'
import { SECRET, token } from '../../support/tokens.js'

const COMMAND: KeyedCommand = {
  subject: 'ada',
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

/** Over a real store; `restart` is what a new process with the same data begins with. */
async function open(t: Test, keep = { count: 100, bytes: 100_000 }) {
  const file = join(testFolder(t), 'cuewire.db')
  const clock = new FakeClock(0)
  const logged: unknown[] = []
  const start = async () => {
    const server = await openSqliteStore({ file })
    t.teardown(() => server.close())
    const store = server.for('acme')
    const logger = { error: (...entry: unknown[]) => logged.push(entry) }
    return { server, store, idempotency: new Idempotency({ store, logger, clock: steadyTime(clock), keep }) }
  }
  const { server, store, idempotency } = await start()
  const restart = async () => {
    await server.close()
    return (await start()).idempotency
  }
  return { file, server, store, idempotency, clock, logged, restart }
}

t.test('the same key gives the first result again', async t => {
  const { idempotency } = await open(t)
  const work = counted()
  t.equal(await idempotency.run(COMMAND, work), 1)
  t.equal(await idempotency.run(COMMAND, work), 1)
  t.equal(await idempotency.run({ ...COMMAND, params: { videoIds: [], title: 'Boats' } }, work), 1, 'in another order')
  t.equal(await idempotency.run({ ...COMMAND, key: 'other' }, work), 2)
})

t.test('after a restart results and refusals are given again, and a mismatch is still one', async t => {
  const { idempotency, restart } = await open(t)
  const fail = { ...COMMAND, key: 'failed' }
  const refusal = new AppError('video.not_found', 'There is no video with this id; video.list lists them.')
  const result = { chat: { title: 'Boats', videoIds: [] }, topic: 'chat/1' }
  await idempotency.run(COMMAND, () => result)
  await t.rejects(
    idempotency.run(fail, () => Promise.reject(refusal)),
    refusal,
  )
  const again = await restart()
  t.strictSame(await again.run(COMMAND, () => t.fail('it ran twice')), result)
  await t.rejects(
    again.run(fail, () => t.fail('it ran twice')),
    refusal,
  )
  await t.rejects(
    again.run({ ...COMMAND, params: {} }, () => t.fail('it ran')),
    { code: 'idempotency.mismatch' },
  )
})

t.test('while the first is under way, the second waits for it, and another under its key is a mismatch', async t => {
  const { idempotency } = await open(t)
  const first = deferred<string>()
  const results = [
    idempotency.run(COMMAND, () => first.promise),
    idempotency.run(COMMAND, () => t.fail('it ran twice')),
  ]
  const other = idempotency.run({ ...COMMAND, params: {} }, () => t.fail('it ran'))
  first.resolve('once')
  await t.rejects(other, { code: 'idempotency.mismatch' })
  t.same(await Promise.all(results), ['once', 'once'])
})

t.test('what a command came to is in the database before its caller knows', async t => {
  const { idempotency, file } = await open(t)
  const database = new Database(file)
  t.teardown(() => database.close())
  const rows = () => database.prepare('select key from outcomes order by position').all()
  await idempotency.run(COMMAND, () => 'done')
  t.strictSame(rows(), [{ key: 'k' }])
  const failing = idempotency.run({ ...COMMAND, key: 'failed' }, () => {
    throw new AppError('video.not_found', 'as scripted')
  })
  await failing.catch(() => undefined)
  t.strictSame(rows(), [{ key: 'k' }, { key: 'failed' }])
})

t.test('another command or other data under the key is a mismatch, and does not run', async t => {
  const { idempotency } = await open(t)
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

t.test('keys belong to a subject; no choice of names makes two of them one', async t => {
  const { idempotency } = await open(t)
  const owners: [subject: string, key: string][] = [
    ['ada', 'k'],
    ['bob', 'k'],
    ['ada k', 'k'],
    ['ada', 'k k'],
    ['ada","k', 'k'],
    ['ada', 'k","k'],
  ]
  const runs = (work: () => unknown) =>
    Promise.all(owners.map(([subject, key]) => idempotency.run({ ...COMMAND, subject, key }, work)))
  const work = counted()
  const results = await runs(work)
  t.equal(new Set(results).size, owners.length)
  t.same(await runs(work), results, 'the store tells them apart too')
})

t.test('a failure that may pass is forgotten, another one is given again', async t => {
  const { idempotency } = await open(t)
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
  const { idempotency, clock } = await open(t)
  const work = counted()
  await idempotency.run(COMMAND, work)
  clock.pass(LIMITS.idempotencyMs - 1)
  for (const jumpMs of [3_600_000, -7_200_000]) {
    clock.jump(jumpMs)
    t.equal(await idempotency.run(COMMAND, work), 1, 'whatever the clock is set to meanwhile')
  }
  clock.pass(1)
  t.equal(await idempotency.run(COMMAND, work), 2)
  t.equal(await idempotency.run(COMMAND, work), 2, 'the second is kept in its place')
})

t.test('a sweep drops all that is too old and nothing else', async t => {
  const { idempotency, clock, server, store } = await open(t, { count: 1000, bytes: 100_000 })
  for (let i = 0; i < 500; i++) await idempotency.run({ ...COMMAND, key: `${i}` }, () => i)
  const now = steadyTime(clock)
  clock.pass(1)
  await idempotency.run(COMMAND, () => 'young')
  clock.pass(LIMITS.idempotencyMs - 1)
  clock.jump(3_600_000)
  await expireOutcomes(server.upkeep, now())
  const kept = await Promise.all(Array.from({ length: 500 }, (_, i) => store.outcomes.get('ada', `${i}`)))
  t.equal(kept.filter(Boolean).length, 0)
  t.match(await store.outcomes.get('ada', 'k'), { outcome: { result: 'young' } })
})

t.test('the oldest keys of a subject go first, never those of another, nor one that is under way', async t => {
  const { idempotency } = await open(t, { count: 10, bytes: 100_000 })
  const slow = deferred<string>()
  const waiting = idempotency.run({ ...COMMAND, key: 'slow' }, () => slow.promise)
  await idempotency.run({ ...COMMAND, subject: 'bob' }, () => 'of bob')
  for (let i = 0; i < 11; i++) await idempotency.run({ ...COMMAND, key: `${i}` }, () => i)
  t.equal(await idempotency.run({ ...COMMAND, key: '1' }, () => 'again'), 1)
  t.equal(await idempotency.run({ ...COMMAND, key: '0' }, () => 'again'), 'again')
  t.equal(await idempotency.run({ ...COMMAND, subject: 'bob' }, () => 'again'), 'of bob')
  const joined = idempotency.run({ ...COMMAND, key: 'slow' }, () => t.fail('it ran twice'))
  slow.resolve('done')
  t.same(await Promise.all([waiting, joined]), ['done', 'done'])
})

t.test('of the params only a hash is kept', async t => {
  const { idempotency, store } = await open(t)
  await idempotency.run({ ...COMMAND, params: { title: 'of the params' } }, () => 'result')
  const row = await store.outcomes.get('ada', 'k')
  t.ok(row)
  t.notMatch(JSON.stringify(row), 'of the params')
})

t.test('closing waits until the command under way is kept', async t => {
  const { idempotency, restart } = await open(t)
  const slow = deferred<string>()
  const waiting = idempotency.run(COMMAND, () => slow.promise)
  const closed = idempotency.close()
  slow.resolve('done')
  await closed
  const again = await restart()
  t.same([await waiting, await again.run(COMMAND, () => t.fail('it ran twice'))], ['done', 'done'])
})

t.test('a result that cannot be kept is given all the same and logged; the retry is a new attempt', async t => {
  const { idempotency, server, logged, restart } = await open(t)
  const result = await idempotency.run(COMMAND, async () => {
    await server.close()
    return 'first'
  })
  t.equal(result, 'first')
  t.match(logged, [[{ err: Error, command: 'chat.create' }, /sent again, it runs again/]])
  t.equal(await (await restart()).run(COMMAND, () => 'second'), 'second')
})

t.test('over two connections a key creates one chat; a look-up ignores its key', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const scope = 'read write chat'
  const [first, again, bob, elsewhere] = [
    await RawSocket.open(t, port, token({ scope })),
    await RawSocket.open(t, port, token({ scope })),
    await RawSocket.open(t, port, token({ scope, sub: 'bob' })),
    await RawSocket.open(t, port, token({ scope, tenant: 'elsewhere' })),
  ]
  const create = async (socket: RawSocket, data: object, type = 'chat.create') => {
    socket.send({ type, id: type, key: 'k', data })
    return socket.next(({ id }) => id === type)
  }
  const created = await create(first, { title: 'Boats' })
  t.match(created, { type: 'reply', data: { chat: { title: 'Boats' } } })
  t.same(await create(again, { title: 'Boats' }), created)
  t.match(await create(again, { title: 'Trains' }), { error: { code: 'idempotency.mismatch', retryable: false } })
  for (const other of [bob, elsewhere]) {
    t.match(await create(other, { title: 'Trains' }), { type: 'reply', data: { chat: { title: 'Trains' } } })
  }
  for (const limit of [1, 2]) t.match(await create(first, { limit }, 'chat.list'), { type: 'reply' })
  t.match(await first.command('chat.list'), { data: { chats: { length: 2 } } })
})

t.test('a keyed command keeps its turn among those about the same thing', async t => {
  const dataDir = testFolder(t)
  const { chatId } = await seedTenant(dataDir, 'late', { word: 'zeppelin', jobState: 'completed' })
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET, CUEWIRE_DATA_DIR: dataDir })
  const socket = RawSocket.start(t, port, token({ scope: 'chat', tenant: 'late' }))
  await once(socket.socket, 'open')
  socket.send({ type: 'chat.delete', id: 'delete', key: 'k', data: { chatId } })
  socket.send({ type: 'chat.history', id: 'history', data: { chatId } })
  const answer = () => socket.next(({ id }) => id !== undefined)
  t.match(
    [await answer(), await answer()],
    [
      { id: 'delete', type: 'reply' },
      { id: 'history', error: { code: 'chat.not_found' } },
    ],
  )
})
