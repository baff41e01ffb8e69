import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { overview } from '@cuewire/server/cli/announce.js'
import { loadConfig } from '@cuewire/server/config/load.js'
import t from 'tap'
import { runCuewire, startCuewire } from '../../support/run-cuewire.js'
import { testFolder } from '../../support/test-folder.js'

t.test('what is missing is said at the start, with the command that installs it', async t => {
  const folder = testFolder(t)
  const { ready, stop } = startCuewire(t, ['serve', '--port', '0', '--data-dir', `${folder}/data`], {
    CUEWIRE_MODELS_DIR: `${folder}/models`,
  })
  t.match(await ready, /^Cuewire is ready: ws:\/\/127\.0\.0\.1:\d+\/v1\/socket$/)
  const { code, stdout, stderr } = await stop()
  t.equal(code, 0)
  t.equal(stdout.trim().split('\n').length, 1, 'nothing but that line for a script')
  const warnings = stderr
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { level: number; msg: string; part?: string })
    .filter(({ level }) => level === 40)
  const command = (pack: string) => `${pack} is not installed; fix it with: npm run cuewire -- models pull ${pack}`
  t.match(warnings, [
    { part: 'model speech', msg: command('speech-moonshine-base') },
    { part: 'model voice-activity', msg: command('voice-activity-silero-v5') },
    { part: 'model objects', msg: command('objects-centernet') },
    { part: 'model sentences', msg: command('sentences-use-lite') },
    { part: 'model text', msg: command('text-ppocr-v4') },
  ])
})

t.test('each line of the log says which process wrote it, and the last of each that it has stopped', async t => {
  const folder = testFolder(t)
  for (const [args, roles] of [
    [[], ['gateway', 'worker']],
    [
      ['--role', 'worker'],
      ['supervisor', 'worker'],
    ],
  ] as const) {
    const serve = startCuewire(t, ['serve', '--port', '0', '--data-dir', `${folder}/data`, ...args], {
      CUEWIRE_MODELS_DIR: `${folder}/models`,
    })
    // Only a gateway prints that it is ready.
    serve.ready.catch(() => undefined)
    await serve.logged('the worker is ready')
    const { stderr } = await serve.stop()
    const lines = stderr
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { msg: string; role: string })
    for (const role of roles) {
      const own = lines.filter(line => line.role === role).map(({ msg }) => msg)
      t.equal(own.filter(msg => msg === 'draining').length, 1, role)
      t.equal(own.at(-1), 'stopped', role)
    }
    t.same(new Set(lines.map(({ role }) => role)), new Set(roles))
    t.match(lines.at(-1), { role: roles[0], msg: 'stopped' }, 'the worker ends first')
  }
})

t.test('at a terminal the start says where everything is and how each part is', async t => {
  const detail = 'x is not installed; fix it with: npm run cuewire -- models pull x'
  const parts = [
    { name: 'accepting', ok: true },
    { name: 'disk', ok: true, detail: '12 MiB free' },
    { name: 'model speech', ok: false, code: 'model.missing', detail },
  ] as const
  const open = loadConfig({ CUEWIRE_MODELS_DIR: '/models', CUEWIRE_HOST: '::1' })
  t.strictSame(overview({ config: open, port: 9000, transport: 'ws, as told', parts }), [
    '  page                  http://[::1]:9000/',
    `  data                  ${resolve('data')}`,
    '  models                /models',
    '  transport             ws, as told',
    '  access                from this machine only, without a token',
    '  disk                  12 MiB free',
    `  model speech          does not work: ${detail}`,
  ])
  for (const [host, address] of [
    ['0.0.0.0', '127.0.0.1'],
    ['::', '[::1]'],
  ] as const) {
    const wide = loadConfig({ CUEWIRE_HOST: host, CUEWIRE_JWT_SECRET: 's'.repeat(32) })
    t.equal(
      overview({ config: wide, port: 9000, transport: 'ws, as told', parts: [] })[0],
      `  page                  http://${address}:9000/, and at every other address of this machine`,
    )
  }
  const files = { CUEWIRE_TLS_CERT_FILE: 'a.crt', CUEWIRE_TLS_KEY_FILE: 'a.key' }
  const closed = loadConfig({ CUEWIRE_JWT_SECRET: 's'.repeat(32), ...files })
  t.match(overview({ config: closed, port: 9000, transport: 'ws, as told', parts: [] }), [
    / https:\/\/127\.0\.0\.1:9000\/$/,
    /./,
    /./,
    /./,
    /with a token$/,
  ])
})

t.test('a port or an address that cannot be had ends with 1 and the reason', async t => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const serve = (...args: string[]) => runCuewire(['serve', '--data-dir', `${t.testdirName}`, ...args])
  t.match(await serve('--port', String(port)), {
    code: 1,
    stderr: `cuewire: cannot listen on 127.0.0.1:${port}: another program uses the port; choose another with --port or CUEWIRE_PORT`,
  })
  t.match(await serve('--port', '0', '--host', '127.0.0.300'), { code: 1, stderr: /this machine has no such address/ })
})
