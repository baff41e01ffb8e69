import t, { type Test } from 'tap'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { runCuewire, startCuewire } from '../../support/run-cuewire.js'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'

const test = onEachTransport(t)
const NO_BINARY = /uWebSockets\.js has no binary that loads here \(Node v\d+/

/** Settings for a process in which uWebSockets.js does not load. */
function withoutUws(t: Test): Record<string, string> {
  const folder = testFolder(t, {
    data: {},
    'no-uws.cjs': `
      const Module = require('node:module')
      const load = Module._load
      Module._load = function (name, ...rest) {
        if (name === 'uWebSockets.js') throw new Error('no binary')
        return load.call(this, name, ...rest)
      }`,
  })
  return {
    NODE_OPTIONS: `--require ${folder}/no-uws.cjs`,
    CUEWIRE_PORT: '0',
    CUEWIRE_DATA_DIR: `${folder}/data`,
    CUEWIRE_MODELS_DIR: `${folder}/models`,
  }
}

test('server.info names the transport that was asked for', async (t, transport) => {
  const { port } = await startServer(t)
  const { data } = await (await RawSocket.open(t, port)).command('server.info')
  t.match(data, { transport, transportReason: `CUEWIRE_TRANSPORT is ${transport}` })
})

t.test('where uWebSockets.js does not load, ws takes its place, and the log and server.info say why', async t => {
  const server = startCuewire(t, ['serve'], withoutUws(t))
  const port = Number(/:(\d+)\//.exec(await server.ready)?.[1])
  const { data } = await (await RawSocket.open(t, port)).command('server.info')
  t.match(data, { transport: 'ws', transportReason: NO_BINARY })
  const { code, stdout, stderr } = await server.stop()
  t.equal(code, 0)
  const lines = `${stdout}${stderr}`.split('\n').filter(line => line.includes('"msg":"listening"'))
  t.match(JSON.parse(lines[0] ?? '{}'), { transport: 'ws', reason: NO_BINARY })
})

t.test('where it is demanded and does not load, the start fails and says what to do', async t => {
  const settings = { ...withoutUws(t), CUEWIRE_TRANSPORT: 'uws' }
  const { code, stderr } = await runCuewire(['serve'], settings)
  t.equal(code, 2)
  t.match(stderr, NO_BINARY)
  t.match(stderr, 'Set CUEWIRE_TRANSPORT to auto or ws')
})

t.test('the doctor says which transport it is and why, and fails for one that does not load', async t => {
  const settings = withoutUws(t)
  const { stdout } = await runCuewire(['doctor'], settings)
  t.match(stdout, /^works {4}transport ws {2}uWebSockets\.js has no binary/m)
  const demanded = await runCuewire(['doctor'], { ...settings, CUEWIRE_TRANSPORT: 'uws' })
  t.equal(demanded.code, 1)
  t.match(demanded.stdout, /^missing {2}transport uws {2}uWebSockets\.js has no binary/m)
})
