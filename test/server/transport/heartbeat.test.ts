import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'

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

t.test('a peer that answers no ping is dropped, one that does stays', async t => {
  const { port } = await startServer(t, { CUEWIRE_IDLE_TIMEOUT_MS: '10000' })
  const quiet = await RawSocket.open(t, port)
  t.match(quiet.frames[0]?.data, { heartbeatMs: 3333 })
  let pings = 0
  quiet.socket.on('ping', () => pings++)

  const dead = connect(port, '127.0.0.1')
  const heard: Buffer[] = []
  dead.on('data', bytes => heard.push(bytes))
  dead.write(HANDSHAKE)
  await once(dead, 'close')
  t.ok(Buffer.concat(heard).includes(PING), 'it was asked')
  while (pings < 2) await once(quiet.socket, 'ping')
  t.match(await quiet.command('ping'), { type: 'reply' })
})
