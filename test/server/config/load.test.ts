import { ConfigError, loadConfig } from '@cuewire/server/config/load.js'
import t from 'tap'

t.test('without settings everything has its default', async t => {
  t.match(loadConfig({}), { host: '127.0.0.1', port: 8787, dataDir: './data', origins: [], checkOutput: false })
})

t.test('the environment overrides the file, which overrides the defaults', async t => {
  const dir = t.testdir({ 'c.json': JSON.stringify({ port: 1, queueLimit: 7 }) })
  const config = loadConfig({
    CUEWIRE_CONFIG: `${dir}/c.json`,
    CUEWIRE_PORT: '2',
    CUEWIRE_ORIGINS: 'http://a.example, https://b.example',
  })
  t.match(config, { port: 2, queueLimit: 7, origins: ['http://a.example', 'https://b.example'] })
})

t.test('every fault is listed at once, each with the variable it came from', async t => {
  const load = () =>
    loadConfig({
      CUEWIRE_PORT: 'seven',
      CUEWIRE_CONCURRENCY: '0',
      CUEWIRE_LOG_LEVEL: 'loud',
      CUEWIRE_TYPO: '1',
      CUEWIRE_CHECK_OUTPUT: 'yes',
    })
  t.throws(load, ConfigError)
  for (const part of [
    'CUEWIRE_PORT=seven',
    'CUEWIRE_CONCURRENCY=0',
    'CUEWIRE_LOG_LEVEL=loud',
    'CUEWIRE_TYPO',
    'CUEWIRE_CHECK_OUTPUT=yes',
  ]) {
    t.throws(load, { message: new RegExp(part) }, part)
  }
})

t.test('a file that is missing, no JSON, or has unknown keys is a fault', async t => {
  const dir = t.testdir({ 'a.json': '[', 'b.json': '[]', 'c.json': '{"prot":1}' })
  for (const file of ['a.json', 'b.json', 'c.json', 'none.json']) {
    t.throws(() => loadConfig({ CUEWIRE_CONFIG: `${dir}/${file}` }), ConfigError, file)
  }
})

t.test('an address others can reach is refused while there is no authentication', async t => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
    t.throws(() => loadConfig({ CUEWIRE_HOST: host }), { message: /authentication/ }, host)
  }
  for (const host of ['127.0.0.1', '127.0.0.9', '::1', 'localhost'])
    t.equal(loadConfig({ CUEWIRE_HOST: host }).host, host)
})

t.test('an address others can reach is accepted with a key of either kind', async t => {
  for (const key of [{ CUEWIRE_JWT_SECRET: 's'.repeat(32) }, { CUEWIRE_JWT_PUBLIC_KEY_FILE: 'keys.pem' }]) {
    t.equal(loadConfig({ CUEWIRE_HOST: '0.0.0.0', ...key }).host, '0.0.0.0')
  }
})

t.test('no fault repeats a secret, from the environment or from a file', async t => {
  const secret = 'hunter2-hunter2'
  const dir = t.testdir({
    'short.json': JSON.stringify({ jwtSecret: secret }),
    'broken.json': `{"jwtSecret": "${secret}" x}`,
    'unquoted.json': `{"jwtSecret": ${secret}}`,
  })
  const environments = [
    { CUEWIRE_JWT_SECRET: secret },
    { CUEWIRE_JWT_SECRET: secret, CUEWIRE_HOST: '0.0.0.0' },
    ...['short', 'broken', 'unquoted'].map(name => ({ CUEWIRE_CONFIG: `${dir}/${name}.json` })),
  ]
  for (const environment of environments) {
    try {
      loadConfig(environment)
      t.fail('it is refused')
    } catch (error) {
      t.ok(error instanceof ConfigError)
      t.notMatch(String(error), 'hunter', JSON.stringify(environment))
    }
  }
})

t.test('TLS takes a certificate and a key; the one that is missing is named', async t => {
  t.throws(() => loadConfig({ CUEWIRE_TLS_CERT_FILE: 'a.crt' }), { message: /CUEWIRE_TLS_KEY_FILE: / })
  t.throws(() => loadConfig({ CUEWIRE_TLS_KEY_FILE: 'a.key' }), { message: /CUEWIRE_TLS_CERT_FILE: / })
  t.match(loadConfig({ CUEWIRE_TLS_CERT_FILE: 'a.crt', CUEWIRE_TLS_KEY_FILE: 'a.key' }), { tlsKeyFile: 'a.key' })
})
