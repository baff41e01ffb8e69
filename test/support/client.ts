import { type Client, type ConnectOptions, connect } from '@cuewire/client'
import type { Test } from 'tap'
import { type FakeServer, fakeServer } from './fake-server.js'

/** A client of a fake server, both closed with the test. It reconnects fast. */
export async function connected(
  t: Test,
  options: Partial<ConnectOptions> = {},
): Promise<{ readonly server: FakeServer; readonly client: Client }> {
  const server = await fakeServer(t)
  const client = await connect({ url: server.url, reconnect: { baseMs: 5, capMs: 20 }, ...options })
  t.teardown(() => client.close())
  return { server, client }
}
