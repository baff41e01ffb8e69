import { once } from 'node:events'
import { connect } from 'node:net'
import { idleSweeps } from '@cuewire/server/transport/idle-sweeps.js'
import t from 'tap'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'

const test = onEachTransport(t)

const HANDSHAKE = [
  'GET /v1/socket HTTP/1.1',
  'Host: 127.0.0.1',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: cuewire.v1',
  '\r\n',
].join('\r\n')
const PING = 0x89
const IDLE_MS = 10_000

/** Connects and never says a word after the handshake; how long until the ping, and until the end. */
async function silentPeer(port: number): Promise<{ pingMs: number | undefined; endMs: number }> {
  const peer = connect(port, '127.0.0.1')
  await once(peer, 'connect')
  peer.write(HANDSHAKE)
  const startedAt = performance.now()
  let pingMs: number | undefined
  peer.on('data', bytes => {
    if (bytes[0] === PING) pingMs ??= performance.now() - startedAt
  })
  await once(peer, 'close')
  return { pingMs, endMs: performance.now() - startedAt }
}

test('a peer that answers no ping is dropped, but not before its time; one that does stays', async t => {
  const { port } = await startServer(t, { CUEWIRE_IDLE_TIMEOUT_MS: String(IDLE_MS) })
  const quiet = await RawSocket.open(t, port)
  t.match(quiet.frames[0]?.data, { heartbeatMs: 3333 })
  let pings = 0
  quiet.socket.on('ping', () => pings++)

  // Spread over more than one sweep of the timeouts, so that each meets it at another moment.
  const silent: Promise<{ pingMs: number | undefined; endMs: number }>[] = []
  for (let i = 0; i < 5; i++) {
    silent.push(silentPeer(port))
    await new Promise(resolve => setTimeout(resolve, 900))
  }
  for (const { pingMs, endMs } of await Promise.all(silent)) {
    t.ok(pingMs !== undefined && pingMs < endMs, 'it was asked')
    t.ok(endMs >= IDLE_MS, `dropped after ${Math.round(endMs)} ms`)
  }
  while (pings < 2) await once(quiet.socket, 'ping')
  t.match(await quiet.command('ping'), { type: 'reply' })
})

t.test('silent sockets are swept no sooner than the setting, and pinged 16 s or 8 s before', async t => {
  for (const [ms, ping, end] of [
    [10_000, 2, 4],
    [12_000, 2, 4],
    [12_001, 3, 5],
    [24_000, 5, 7],
    [24_001, 4, 8],
    [60_000, 12, 16],
    [900_000, 222, 226],
  ] as const)
    t.strictSame(idleSweeps(ms), { ping, end })
})
