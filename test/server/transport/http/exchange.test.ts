import { getEventListeners } from 'node:events'
import { readdir, readlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TransportName } from '@cuewire/protocol'
import { systemClock } from '@cuewire/server/lib/clock.js'
import type { SessionRegistry } from '@cuewire/server/sessions/registry.js'
import { createAuthenticator } from '@cuewire/server/transport/auth/authenticator.js'
import { Tickets } from '@cuewire/server/transport/auth/tickets.js'
import { chooseTransport } from '@cuewire/server/transport/choose-transport.js'
import { ConnectionLimits } from '@cuewire/server/transport/connection-limits.js'
import type { Exchange } from '@cuewire/server/transport/http/exchange.js'
import { listen } from '@cuewire/server/transport/listen.js'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { RawHttp } from '../../../support/raw-http.js'
import { seedTenant } from '../../../support/seeded-tenant.js'
import { startServer } from '../../../support/server.js'
import { testFolder } from '../../../support/test-folder.js'

const test = onEachTransport(t)

const MEGABYTE = 1024 * 1024

/** A port whose every request is given to this route. */
async function serve(t: Test, transport: TransportName, route: (exchange: Exchange) => Promise<void>): Promise<number> {
  const listener = await listen({
    transport: chooseTransport(transport).transport,
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    connectionLimits: new ConnectionLimits({ inAll: 10, ofAddress: 10, ofSubject: 10 }),
    idleTimeoutMs: 60_000,
    policy: { hosts: [], origins: [] },
    authenticator: createAuthenticator(undefined, new Tickets(systemClock)),
    // No socket is opened here.
    registry: {} as SessionRegistry,
    route,
    onRefused: () => undefined,
    logger: pino({ level: 'silent' }),
  })
  t.teardown(() => listener.close())
  return listener.port
}

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(MEGABYTE, i)
}

test('a download that stalls again and again arrives whole, and leaves no listener behind', async (t, transport) => {
  let listeners = 0
  const port = await serve(t, transport, async exchange => {
    async function* watched() {
      for await (const chunk of chunks(60)) {
        yield chunk
        listeners = Math.max(listeners, getEventListeners(exchange.signal, 'abort').length)
      }
    }
    await exchange.stream(200, {}, 60 * MEGABYTE, watched)
  })
  const raw = RawHttp.open(t, port).request('GET', '/')
  let bytes = 0
  raw.socket.on('data', chunk => {
    bytes += chunk.length
    raw.socket.pause()
    setImmediate(() => raw.socket.resume())
  })
  const answer = await raw.response()
  t.equal(answer?.body.length, 60 * MEGABYTE)
  for (let i = 0; i < 60; i++) t.equal(answer?.body.charCodeAt((i + 0.5) * MEGABYTE), i)
  t.ok(bytes > 60 * MEGABYTE)
  t.ok(listeners <= 1, `${listeners} listeners`)
})

test('a source is not opened for a HEAD, an empty reply or a client that is gone', async (t, transport) => {
  let opened = 0
  const open = () => {
    opened++
    return chunks(1)
  }
  const port = await serve(t, transport, async exchange => {
    if (exchange.request.path === '/gone')
      await new Promise(resolve => exchange.signal.addEventListener('abort', resolve))
    await exchange.stream(200, {}, exchange.request.path === '/empty' ? 0 : MEGABYTE, open)
    gone?.()
  })
  let gone: (() => void) | undefined
  const head = await RawHttp.open(t, port).request('HEAD', '/').response('HEAD')
  t.match(head, { status: 200, headers: { 'content-length': String(MEGABYTE) } })
  t.match(await RawHttp.open(t, port).request('GET', '/empty').response(), { status: 200, body: '' })
  const left = new Promise<void>(resolve => {
    gone = resolve
  })
  const raw = RawHttp.open(t, port).request('GET', '/gone')
  await new Promise(resolve => setTimeout(resolve, 50))
  raw.socket.destroy()
  await left
  t.equal(opened, 0)
  t.equal((await RawHttp.open(t, port).request('GET', '/').response())?.body.length, MEGABYTE)
  t.equal(opened, 1)
})

test('when the source fails or ends early, the connection does', async (t, transport) => {
  const failures: unknown[] = []
  const port = await serve(t, transport, async exchange => {
    async function* failing() {
      yield* chunks(1)
      if (exchange.request.path === '/fails') throw new Error('the disk is gone')
    }
    try {
      await exchange.stream(200, {}, 2 * MEGABYTE, failing)
    } catch (error) {
      failures.push(error)
      exchange.breakOff()
    }
  })
  for (const path of ['/fails', '/ends']) {
    t.equal(await RawHttp.open(t, port).request('GET', path).response(), undefined, path)
  }
  t.match(failures, [{ message: 'the disk is gone' }, { message: `a source ended ${MEGABYTE} bytes early` }])
})

test('media that becomes shorter while it is sent ends the connection, and no file stays open', async t => {
  const dataDir = testFolder(t)
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'boats', jobState: 'completed' })
  const file = join(dataDir, 'tenants/default/videos', videoId, 'original')
  await writeFile(file, Buffer.alloc(80 * MEGABYTE))
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir, CUEWIRE_LOG_LEVEL: 'silent' })
  const media = `/v1/videos/${videoId}/media`

  for (let i = 0; i < 5; i++) {
    t.equal((await RawHttp.open(t, port).request('HEAD', media).response('HEAD'))?.status, 200)
    const raw = RawHttp.open(t, port).request('GET', media)
    await new Promise(resolve => raw.socket.once('data', resolve))
    raw.socket.destroy()
  }
  const raw = RawHttp.open(t, port).request('GET', media)
  await new Promise(resolve => raw.socket.once('data', resolve))
  raw.socket.pause()
  await truncate(file, MEGABYTE)
  raw.socket.resume()
  t.equal(await raw.response(), undefined)

  const openFiles = async () => {
    const names = await readdir('/proc/self/fd')
    const targets = await Promise.all(names.map(name => readlink(`/proc/self/fd/${name}`).catch(() => '')))
    return targets.filter(target => target === file).length
  }
  if (process.platform !== 'linux') return
  for (let i = 0; i < 200 && (await openFiles()) > 0; i++) await new Promise(resolve => setTimeout(resolve, 20))
  t.equal(await openFiles(), 0)
})
