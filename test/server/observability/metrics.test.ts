import { Latency } from '@cuewire/server/lib/latency.js'
import t from 'tap'
import { WebSocket } from 'ws'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'
import { SECRET, token } from '../../support/tokens.js'

t.test('a latency falls into the first bucket that holds it, or into the unbounded last', async t => {
  const latency = new Latency()
  for (const ms of [0, 1, 1.01, 10_000, 10_001]) latency.add(ms)
  t.same(latency.buckets, [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
  t.ok(Math.abs(latency.sumSeconds - 20.00301) < 1e-9)
})

t.test('the metrics tell latencies, refusals, bytes and frames, by tenant where it matters', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const acme = await RawSocket.open(t, port, token({ tenant: 'acme', scope: 'read admin' }))
  for (let i = 0; i < 3; i++) await acme.command('video.list')
  await acme.command('chat.list')
  await RawSocket.open(t, port, token({ tenant: 'globex', scope: 'read' }))
  await new Promise(resolve => new WebSocket(`ws://127.0.0.1:${port}/v1/socket`, 'cuewire.v1').once('error', resolve))

  const read = async (bearer: string) =>
    fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${bearer}` } })
  t.equal((await read(token({ tenant: 'acme', scope: 'admin' }))).status, 403, 'other tenants are named there')
  const text = await (await read(token({ scope: 'admin' }))).text()
  const value = (name: string) =>
    Number(
      text
        .split('\n')
        .find(line => line.startsWith(`${name} `))
        ?.split(' ')
        .at(-1),
    )
  t.equal(value('cuewire_connections{tenant="acme"}'), 1)
  t.equal(value('cuewire_jobs_queued{tenant="acme"}'), 0)
  t.equal(value('cuewire_tenants'), 2)
  t.equal(value('cuewire_refused_upgrades_total{code="auth.required"}'), 1)
  t.equal(value('cuewire_errors_total{tenant="acme",code="auth.forbidden"}'), 1)
  t.equal(value('cuewire_command_seconds_count{tenant="acme",command="video.list"}'), 3)
  t.equal(value('cuewire_command_seconds_bucket{le="+Inf",tenant="acme",command="video.list"}'), 3)
  t.ok(value('cuewire_command_seconds_sum{tenant="acme",command="video.list"}') > 0)
  t.match(text, '# TYPE cuewire_command_seconds histogram')
  t.ok(value('cuewire_received_bytes_total{tenant="acme"}') > 100)
  t.ok(value('cuewire_sent_bytes_total{tenant="acme"}') > 500)
  t.equal(value('cuewire_errors_total{tenant="globex",code="auth.forbidden"}'), 0, 'each tenant has its own')
  t.equal(value('cuewire_frames_total{tenant="acme",class="reliable",outcome="sent"}'), 5, 'hello and four answers')
})
