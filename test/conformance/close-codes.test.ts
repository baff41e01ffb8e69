import t, { type Test } from 'tap'
import { onEachTransport } from '../support/on-each-transport.js'
import { startServer } from '../support/server.js'
import { SECRET, secondsFromNow, token } from '../support/tokens.js'
import { Client, documented } from './client.js'

const test = onEachTransport(t)

/** By close code: how PROTOCOL.md says it comes about. */
const WAYS: Readonly<Record<string, (t: Test) => Promise<Client>>> = {
  '4000': async t => {
    const { port } = await startServer(t)
    const client = await Client.open(t, port)
    for (let i = 0; i < 99; i++) client.send('no JSON')
    await client.command('ping')
    for (let i = 0; i < 99; i++) client.send('no JSON')
    t.match(await client.command('ping'), { type: 'reply' }, 'a good frame between them ends the run')
    for (let i = 0; i < 100; i++) client.send('no JSON')
    return client
  },
  '4100': async t => {
    const app = await startServer(t)
    const client = await Client.open(t, app.port)
    void app.close()
    return client
  },
  '4101': async t => {
    const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
    const client = await Client.open(t, port, token({ scope: 'read', exp: secondsFromNow(2) }))
    t.ok(await client.next(({ type }) => type === 'auth.expiring'), 'it is announced')
    return client
  },
  '4102': async t => {
    const { port } = await startServer(t, { CUEWIRE_FIRST_FRAME_MS: '1000' })
    return Client.open(t, port)
  },
  '4200': async t => {
    const { port } = await startServer(t, {
      CUEWIRE_COMMANDS_PER_SECOND: '1000000000',
      CUEWIRE_COMMAND_BURST: '1000000000',
    })
    const [slow, watcher] = [await Client.open(t, port), await Client.open(t, port)]
    slow.socket.pause()
    // The client asks on and on, and takes no answer.
    for (let closes: unknown = 0; closes !== 1; ) {
      for (let i = 0; i < 500; i++) slow.send({ type: 'server.info' })
      const { data } = await watcher.command('admin.stats')
      closes = (data as { closes: { slow: number } }).closes.slow
    }
    slow.socket.resume()
    return slow
  },
}

test('every documented close code is reached by the documented means', async t => {
  const rows = documented('### Close codes')
  t.ok(rows.length >= 5, 'the document has its table')
  t.same(rows.map(([code]) => code).sort(), Object.keys(WAYS).sort(), 'each code has a way here, and none is made up')
  for (const [code = ''] of rows) {
    await t.test(code, async t => {
      const client = await WAYS[code]?.(t)
      t.equal(await client?.closed, Number(code))
      const last = client?.frames.at(-1)
      t.match(last, { type: 'goodbye', data: { code: Number(code) } }, 'goodbye comes before it')
    })
  }
})
