import { once } from 'node:events'
import { Dice } from '@cuewire/bench/fuzz/dice.js'
import { fatalInput } from '@cuewire/bench/fuzz/frame-inputs.js'
import { OPCODE, rawFrame } from '@cuewire/bench/lib/raw-frame.js'
import { Wire } from '@cuewire/bench/lib/wire.js'
import { LIMITS, SUBPROTOCOL } from '@cuewire/protocol'
import t from 'tap'
import { WebSocket } from 'ws'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'

const test = onEachTransport(t)

test('what breaks RFC 6455 ends the connection without a close frame', async (t, transport) => {
  const { port } = await startServer(t)
  const dice = new Dice(1)
  const inputs = Array.from({ length: 60 }, () => fatalInput(dice))
  inputs.push({ kind: 'over the hard limit', bytes: rawFrame(Buffer.alloc(LIMITS.hardFrameBytes + 1, 'x')) })
  // uWebSockets.js does not look whether a frame is masked.
  if (transport === 'ws') {
    inputs.push({ kind: 'unmasked', bytes: rawFrame(Buffer.from('{"type":"ping"}'), { masked: false }) })
  }
  // A close frame is answered with one, whatever its body.
  for (const { kind, bytes } of inputs.filter(({ kind }) => kind !== 'close with a bad body')) {
    const wire = new Wire({ port })
    await wire.opened()
    wire.write(bytes)
    t.equal(await wire.ended, undefined, kind)
  }
})

test('the limits of a message: over the soft one an error, in parts too; binary is refused', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  socket.send({ type: 'ping', id: 1, data: { pad: 'x'.repeat(LIMITS.frameBytes) } })
  t.match(await socket.next(), { type: 'error', error: { code: 'frame.too_large' } })
  socket.socket.send('x'.repeat(LIMITS.frameBytes), { fin: false })
  socket.socket.send('x', { fin: true })
  t.match(await socket.next(), { type: 'error', error: { code: 'frame.too_large' } })
  socket.socket.send(Buffer.from('{"type":"ping","id":2}'))
  t.match(await socket.next(), { type: 'error', error: { code: 'frame.not_text' } })
  socket.socket.send('{"type":"pi', { fin: false })
  socket.socket.ping()
  socket.socket.send('ng","id":3}', { fin: true })
  t.match(await socket.next(), { type: 'reply', id: 3 })
})

test('pings are answered with what they hold, and no extension is negotiated', async t => {
  const { port } = await startServer(t)
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/socket`, SUBPROTOCOL, { perMessageDeflate: true })
  t.teardown(() => socket.terminate())
  await once(socket, 'open')
  t.equal(socket.extensions, '')
  socket.ping('are you there?')
  const [data] = await once(socket, 'pong')
  t.equal(String(data), 'are you there?')
})

test('a close is answered with its own code, and the connection ends', async t => {
  const { port } = await startServer(t)
  for (const code of [1000, 1001, 4999]) {
    const wire = new Wire({ port })
    await wire.opened()
    const body = Buffer.from([code >> 8, code & 255])
    wire.write(rawFrame(body, { opcode: OPCODE.close }))
    t.equal(await wire.ended, code)
  }
})

test('a server that closes ends the connection by itself, whether the client answers or not', async t => {
  const { port } = await startServer(t, { CUEWIRE_FIRST_FRAME_MS: '1000' })
  const wire = new Wire({ port })
  await wire.opened()
  t.equal(await wire.ended, 4102)
})

test('a burst in one packet is answered in order, each once', async t => {
  const { port } = await startServer(t)
  const ids: unknown[] = []
  let all: (() => void) | undefined
  const answered = new Promise<void>(resolve => {
    all = resolve
  })
  const count = 500
  const wire = new Wire({
    port,
    onText: text => {
      const { id } = JSON.parse(text) as { readonly id?: number }
      if (id !== undefined) ids.push(id)
      if (ids.length === count) all?.()
    },
  })
  await wire.opened()
  wire.write(
    Buffer.concat(Array.from({ length: count }, (_, id) => rawFrame(Buffer.from(`{"type":"ping","id":${id}}`)))),
  )
  await answered
  t.same(ids, [...Array(count).keys()])
  wire.reset()
})
