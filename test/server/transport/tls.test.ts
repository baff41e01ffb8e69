import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkTlsFiles } from '@cuewire/server/transport/tls.js'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { onEachTransport } from '../../support/on-each-transport.js'
import { startServer } from '../../support/server.js'
import { spawnServer } from '../../support/server-process.js'
import { testFolder } from '../../support/test-folder.js'

const test = onEachTransport(t)

const run = promisify(execFile)
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
)
const skip = hasOpenssl ? false : 'openssl is not installed'

/** A certificate that signs itself, for 127.0.0.1. */
async function makeCertificate(folder: string, name: string) {
  const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) }
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', files.keyFile]
  await run('openssl', ['req', '-x509', ...key, '-out', files.certFile, '-days', '2', ...subject])
  return files
}

const environmentOf = ({ certFile, keyFile }: { certFile: string; keyFile: string }) => ({
  CUEWIRE_TLS_CERT_FILE: certFile,
  CUEWIRE_TLS_KEY_FILE: keyFile,
})

async function helloOver(t: Test, url: string): Promise<unknown> {
  const socket = new WebSocket(url, 'cuewire.v1', { rejectUnauthorized: false })
  t.teardown(() => socket.terminate())
  const [data] = await once(socket, 'message')
  return JSON.parse(String(data))
}

test('with a certificate the one port speaks wss and https, and nothing unencrypted', { skip }, async t => {
  const folder = testFolder(t, { data: {} })
  const files = await makeCertificate(folder, 'own')
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: join(folder, 'data'), ...environmentOf(files) })
  t.match(await helloOver(t, `wss://127.0.0.1:${port}/v1/socket`), { type: 'hello' })
  const status = await new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, agent: false }
    get(`https://127.0.0.1:${port}/healthz`, options, response => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
  t.equal(status, 200)
  const plain = connect(port, '127.0.0.1')
  plain.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  let answer = ''
  plain.on('data', (data: Buffer) => {
    answer += data.toString('latin1')
  })
  plain.on('error', () => undefined)
  await once(plain, 'close')
  t.notMatch(answer, 'HTTP/1.1')
})

test('the ready line says wss, and SIGHUP ends nothing', { skip }, async t => {
  const folder = testFolder(t, { data: {} })
  const server = await spawnServer(t, join(folder, 'data'), {
    ...environmentOf(await makeCertificate(folder, 'own')),
    CUEWIRE_LOG_LEVEL: 'fatal',
  })
  t.match(server.url, /^wss:/)
  process.kill(server.pid, 'SIGHUP')
  t.match(await helloOver(t, server.url), { type: 'hello' })
  t.equal(await server.terminate(), 0)
})

t.test('files that are missing, no PEM, or of two pairs are named before the port opens', { skip }, async t => {
  const folder = testFolder(t, { 'text.pem': 'no certificate', data: {} })
  const own = await makeCertificate(folder, 'own')
  const other = await makeCertificate(folder, 'other')
  const text = join(folder, 'text.pem')
  const cases: [files: Parameters<typeof checkTlsFiles>[0], message: RegExp][] = [
    [{ ...own, certFile: '/nowhere.crt' }, /^CUEWIRE_TLS_CERT_FILE: \/nowhere.crt cannot be read/],
    [{ ...own, keyFile: '/nowhere.key' }, /^CUEWIRE_TLS_KEY_FILE: \/nowhere.key cannot be read/],
    [{ ...own, certFile: text }, /^CUEWIRE_TLS_CERT_FILE: .* holds no certificate/],
    [{ ...own, keyFile: text }, /^CUEWIRE_TLS_KEY_FILE: .* is not the key/],
    [{ ...own, keyFile: other.keyFile }, /^CUEWIRE_TLS_KEY_FILE: .* is not the key/],
  ]
  for (const [files, message] of cases) t.throws(() => checkTlsFiles(files), { name: 'SettingError', message })
  t.doesNotThrow(() => checkTlsFiles(own))
  const mixed = { ...environmentOf({ ...own, keyFile: other.keyFile }), CUEWIRE_DATA_DIR: join(folder, 'data') }
  await t.rejects(startServer(t, mixed), /CUEWIRE_TLS_KEY_FILE/)
})
