import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { connect } from '@cuewire/client'
import t, { type Test } from 'tap'
import { seedTenant } from '../support/seeded-tenant.js'
import { spawnServer } from '../support/server-process.js'
import { testFolder } from '../support/test-folder.js'

/** A wire to the port that breaks before a frame of this type passes it, until it is mended, to another port. */
async function wireThatBreaks(t: Test, port: number, type: string) {
  let target = port
  const sockets = new Set<Socket>()
  let broken = false
  let isFragile = true
  const wire = createServer(client => {
    if (broken) return client.destroy()
    const server = connectSocket(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => other.destroy())
    }
    client.pipe(server)
    server.on('data', bytes => {
      broken ||= isFragile && bytes.includes(`"type":"${type}"`)
      if (broken) for (const socket of sockets) socket.destroy()
      else client.write(bytes)
    })
    return undefined
  })
  await new Promise<void>(resolve => wire.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    wire.close()
  })
  return {
    port: (wire.address() as { port: number }).port,
    mend: (port: number) => {
      target = port
      broken = false
      isFragile = false
    },
  }
}

t.test('an answer whose events a restart took comes whole all the same', async t => {
  const dataDir = testFolder(t)
  const { chatId } = await seedTenant(dataDir, 'default', { word: 'zeppelin', jobState: 'completed' })
  const first = await spawnServer(t, dataDir)
  const wire = await wireThatBreaks(t, first.port, 'chat.retrieval')
  const client = await connect({ url: `ws://127.0.0.1:${wire.port}`, reconnect: { baseMs: 20, capMs: 100 } })
  t.teardown(() => client.close())
  const answer = (async () => {
    let text = ''
    for await (const event of client.ask(chatId, 'Where is the zeppelin?')) {
      if (event.type === 'chat.delta') text += event.data.text
      if (event.type === 'chat.done') return { text, message: event.data.message }
    }
    return undefined
  })()

  const witness = await connect(first.url)
  for (;;) {
    const { messages } = await witness.chat.history({ chatId })
    if (messages.at(-1)?.state === 'completed') break
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  await witness.close()
  await first.kill()
  const second = await spawnServer(t, dataDir)
  wire.mend(second.port)
  const { text, message } = (await answer) ?? {}
  t.match(message, { state: 'completed', citations: [{ number: 1 }] })
  t.match(text, /zeppelin/)
  t.equal(text, message?.text)
  await client.close()
  await second.terminate()
})
