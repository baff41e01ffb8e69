import { ConfigError } from '@cuewire/server/config/config-error.js'
import { loadConfig } from '@cuewire/server/config/load.js'
import t from 'tap'
import { testFolder } from '../../support/test-folder.js'

t.test('without settings everything has its default', async t => {
  t.match(loadConfig({}), { host: '127.0.0.1', port: 8787, dataDir: './data', origins: [], checkOutput: false })
})

t.test('the environment overrides the file, which overrides the defaults', async t => {
  const dir = testFolder(t, { 'c.json': JSON.stringify({ port: 1, queueLimit: 7 }) })
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
  const dir = testFolder(t, { 'a.json': '[', 'b.json': '[]', 'c.json': '{"prot":1}' })
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
  const dir = testFolder(t, {
    'short.json': JSON.stringify({ jwtSecret: secret }),
    'broken.json': `{"jwtSecret": "${secret}" x}`,
    'unquoted.json': `{"jwtSecret": ${secret}}`,
  })
  const environments = [
    { CUEWIRE_JWT_SECRET: secret },
    { CUEWIRE_HUB_TOKEN: `${secret} with a space` },
    { CUEWIRE_HUB_URL: `https://ada:${secret}@hub.example.org` },
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
  t.same(loadConfig({ CUEWIRE_HOSTS: 'a.example,10.0.0.1,fe80::1' }).hosts, ['a.example', '10.0.0.1', 'fe80::1'])
  t.match(loadConfig({ CUEWIRE_TLS_CERT_FILE: 'a.crt', CUEWIRE_TLS_KEY_FILE: 'a.key' }), { tlsKeyFile: 'a.key' })
})

const HOST = 'each must be a host name in small letters, such as video.example.org, without a scheme and a port'

t.test('a fault names what the setting takes', async t => {
  const HUB_URL = 'must be an address such as https://hub.example.org, without a slash at the end'
  const cases = [
    ['CUEWIRE_PORT', '70000', 'must be a whole number from 0 to 65535'],
    ['CUEWIRE_PORT', 'seven', 'must be a whole number from 0 to 65535'],
    ['CUEWIRE_CONCURRENCY', '1.5', 'must be a whole number from 1 to 64'],
    ['CUEWIRE_FRAME_RATE', '99', 'must be a number from 0.1 to 10'],
    ['CUEWIRE_UPLOAD_EXPIRY_HOURS', '0', 'must be a number above 0, at most 720'],
    ['CUEWIRE_CHECK_OUTPUT', 'yes', 'must be true or false'],
    ['CUEWIRE_LOG_LEVEL', 'loud', 'must be one of trace, debug, info, warn, error, fatal, silent'],
    ['CUEWIRE_ORIGINS', 'example.org', 'each must be an origin such as https://example.org'],
    ['CUEWIRE_HOSTS', 'a,,b', HOST],
    ['CUEWIRE_HOSTS', 'https://a.example', HOST],
    ['CUEWIRE_HOSTS', 'a.example:8080', HOST],
    ['CUEWIRE_HOSTS', 'A.example', HOST],
    ['CUEWIRE_JWT_SECRET', 'short', 'must have at least 32 characters'],
    ['CUEWIRE_HUB_URL', 'https://hub.example.org/', HUB_URL],
    ['CUEWIRE_HUB_URL', 'hub.example.org', HUB_URL],
    ['CUEWIRE_HUB_TOKEN', 'two words', 'must have at most 512 characters, without spaces'],
  ] as const
  for (const [variable, value, expected] of cases) {
    const source = /SECRET|TOKEN/.test(variable) ? `${variable}=...` : `${variable}=${value}`
    t.throws(() => loadConfig({ [variable]: value }), { message: `wrong settings:\n  ${source}: ${expected}` })
  }
})

t.test('a name that is not a setting is refused with the closest one', async t => {
  const folder = testFolder(t, { 'a.json': '{"prot":1}', 'b.json': '{"CUEWIRE_PORT":1}', 'c.json': '{"something":1}' })
  const file = (name: string) => ({ CUEWIRE_CONFIG: `${folder}/${name}` })
  const cases = [
    [{ CUEWIRE_JWT_SECRT: 'x' }, 'CUEWIRE_JWT_SECRT: is not a setting; did you mean CUEWIRE_JWT_SECRET?'],
    [{ CUEWIRE_FFMPEG_PATH: '/x' }, 'CUEWIRE_FFMPEG_PATH: is not a setting; did you mean FFMPEG_PATH?'],
    [{ CUEWIRE_CONFIGS: '/x' }, 'CUEWIRE_CONFIGS: is not a setting; did you mean CUEWIRE_CONFIG?'],
    [{ CUEWIRE_QUITE_ANOTHER: '1' }, 'CUEWIRE_QUITE_ANOTHER: is not a setting; the README lists them'],
    [file('a.json'), 'prot: is not a setting; did you mean port?'],
    [file('b.json'), 'CUEWIRE_PORT: is not a setting; did you mean port?'],
    [file('c.json'), 'something: is not a setting; the README lists them'],
  ] as const
  for (const [environment, message] of cases)
    t.throws(() => loadConfig(environment), { message: `wrong settings:\n  ${message}` })
})

t.test('the command line overrides the environment, and its faults are named as they were typed', async t => {
  t.equal(loadConfig({ CUEWIRE_PORT: '1' }, { port: '2' }).port, 2)
  t.equal(loadConfig({ CUEWIRE_PORT: 'x' }, { port: '2' }).port, 2, 'what is overridden is not looked at')
  t.throws(() => loadConfig({}, { port: '' }), { message: /^ {2}--port=: must be a whole number/m })
  t.throws(() => loadConfig({ CUEWIRE_DATA_DIR: 'a' }, { dataDir: '' }), { message: /^ {2}--data-dir=: must not be/m })
  t.throws(() => loadConfig({}, { host: '0.0.0.0' }), { message: /^ {2}--host=0\.0\.0\.0: .*authentication/m })
})
