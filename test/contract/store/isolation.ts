import type { Clock } from '@cuewire/server/lib/clock.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import type { Test } from 'tap'
import { at } from '../../support/entities.js'
import { FakeClock } from '../../support/fake-clock.js'
import { type Act, OF_ALL, READS, type World, WRITES } from './isolation/cases.js'
import { claimAll, everythingOf, only } from './isolation/everything.js'
import { LEASE_MS, OWN, SAME, seed, TENANTS, type Tenant } from './isolation/tenants.js'

type Open = (t: Test, clock: Clock) => Promise<ServerStore>

/**
 * Two tenants hold what only a mark in a few fields tells apart. Whatever one of them does, with ids that both use or with
 * those of the other, it gets what it gets where it is alone, and the other keeps what it has.
 */
export async function isolationContract(t: Test, open: Open): Promise<void> {
  t.test('every method has a case', async t => {
    const server = await open(t, new FakeClock())
    const cases = [READS, WRITES, OF_ALL].flatMap(Object.keys)
    t.strictSame(cases.sort(), methodsOf(server).sort())
  })

  t.test('each tenant looks up what is its own', async t => {
    const worlds = await openWorlds(t, open)
    for (const [method, act] of Object.entries(READS)) {
      for (const tenant of TENANTS) await assertLikeAlone(t, worlds, { method, act, tenant })
    }
    await assertSame(t, worlds)
  })

  for (const [method, act] of Object.entries(WRITES)) {
    t.test(`${method} changes what is the tenant's own`, async t => {
      const worlds = await openWorlds(t, open)
      for (const tenant of TENANTS) {
        const other = otherThan(tenant)
        const before = await everythingOf(worlds.both.server, other)
        await assertLikeAlone(t, worlds, { method, act, tenant })
        t.strictSame(await everythingOf(worlds.both.server, other), before, `what ${other} has`)
      }
      await assertSame(t, worlds)
    })
  }

  for (const [method, act] of Object.entries(OF_ALL)) {
    t.test(`${method} does for each tenant what it does for one`, async t => {
      const worlds = await openWorlds(t, open)
      const { both, alone } = worlds
      const given = await act(both)
      let count = 0
      for (const tenant of TENANTS) {
        const expected = await act(alone[tenant])
        if (typeof given === 'number') count += Number(expected)
        else t.strictSame(only(tenant, given), expected, tenant)
        t.ok(typeof expected === 'number' ? expected > 0 : expected.length > 0, `there is something of ${tenant}`)
      }
      if (typeof given === 'number') t.equal(given, count)
      await assertSame(t, worlds)
    })
  }
}

type Worlds = Awaited<ReturnType<typeof openWorlds>>

/** A store of both tenants, and for each tenant one that it has for itself, with the same in it. */
async function openWorlds(t: Test, open: Open) {
  const seeded = async (...tenants: Tenant[]): Promise<World> => {
    const clock = new FakeClock(Date.parse(at(50)))
    const server = await open(t, clock)
    await seed(server, tenants)
    return { server, clock }
  }
  return { both: await seeded(...TENANTS), alone: { acme: await seeded('acme'), globex: await seeded('globex') } }
}

/** That a call comes to the same beside another tenant as alone, with ids that both use and with those of the other. */
async function assertLikeAlone(
  t: Test,
  { both, alone }: Worlds,
  { method, act, tenant }: { readonly method: string; readonly act: Act; readonly tenant: Tenant },
): Promise<void> {
  for (const [whose, ids] of Object.entries({ 'ids of both': SAME, 'ids of the other': OWN[otherThan(tenant)] })) {
    const outcome = async ({ server }: World) => {
      const call = act({ server, store: server.for(tenant), tenant, ids })
      return ids === SAME ? await call : await settled(call)
    }
    t.strictSame(await outcome(both), await outcome(alone[tenant]), `${method} by ${tenant} with ${whose}`)
  }
}

const otherThan = (tenant: Tenant) => (tenant === 'acme' ? 'globex' : 'acme')

/** That each tenant has, and comes to have, what it has where it is alone. */
async function assertSame(t: Test, { both, alone }: Worlds): Promise<void> {
  for (const tenant of TENANTS) {
    t.strictSame(
      await everythingOf(both.server, tenant),
      await everythingOf(alone[tenant].server, tenant),
      `what ${tenant} has`,
    )
  }
  for (const { clock } of [both, alone.acme, alone.globex]) clock.pass(LEASE_MS)
  const claims = await claimAll(both.server)
  for (const tenant of TENANTS) {
    t.strictSame(only(tenant, claims), await claimAll(alone[tenant].server), `what is to be done for ${tenant}`)
  }
}

/** `port.method` for every method there is. */
function methodsOf(server: ServerStore): string[] {
  const ports = { ...server.for('acme'), queue: server.queue, upkeep: server.upkeep }
  return Object.entries(ports).flatMap(([port, methods]) =>
    typeof methods === 'function' ? [port] : Object.keys(methods).map(method => `${port}.${method}`),
  )
}

/** What a call comes to: its result or its error. */
async function settled(call: Promise<unknown>): Promise<unknown> {
  return await call.catch((error: unknown) => String(error))
}
