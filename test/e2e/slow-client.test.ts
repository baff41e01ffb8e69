import t from 'tap'
import { onEachTransport } from '../support/on-each-transport.js'
import { type Frame, RawSocket } from '../support/raw-socket.js'
import { seedTenant } from '../support/seeded-tenant.js'
import { startServer } from '../support/server.js'
import { testFolder } from '../support/test-folder.js'

const test = onEachTransport(t)

const EVENTS = 2000

test('a client that stops reading is sent away with a code it receives, and misses nothing when it comes back', async t => {
  const dataDir = testFolder(t)
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'zeppelin', jobState: 'completed' })
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir })
  const writer = await RawSocket.open(t, port)
  const slow = await RawSocket.open(t, port)
  const { data: position } = await slow.command('subscribe', { topic: 'library' })

  slow.socket.pause()
  for (let i = 1; i <= EVENTS; i++) {
    // It asks for much besides, and takes none of it.
    if (i <= EVENTS / 2) for (let k = 0; k < 20; k++) slow.send({ type: 'server.info' })
    await writer.command('video.update', { videoId, title: `title ${i} ${'x'.repeat(150)}` }, i)
  }
  const stats = await writer.command('admin.stats')
  t.match(stats.data, { closes: { slow: 1 }, queuedBytes: 0 })

  slow.socket.resume()
  t.equal((await slow.untilClosed()).code, 4200)
  t.match(slow.frames.at(-1), { type: 'goodbye', data: { code: 4200 } })

  const numbers = (frames: readonly Frame[]) => frames.flatMap(({ seq }) => (seq === undefined ? [] : [seq]))
  const before = numbers(slow.frames)
  const since = before.at(-1) ?? Number(position?.['seq'])
  const back = await RawSocket.open(t, port)
  const { data } = await back.command('subscribe', { topic: 'library', since, epoch: position?.['epoch'] })
  t.match(data, { recovery: 'replayed', replayed: EVENTS - before.length, seq: EVENTS })
  await back.next(({ seq }) => seq === EVENTS)
  t.ok(before.length < EVENTS / 2, `it had ${before.length} of ${EVENTS} before`)
  t.same(
    [...before, ...numbers(back.frames)],
    Array.from({ length: EVENTS }, (_, i) => i + 1),
    'each once, in order',
  )
})
