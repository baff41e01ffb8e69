import { LOCAL_PRINCIPAL } from '@cuewire/server/identity/principal.js'
import { createAuthenticator } from '@cuewire/server/transport/auth/authenticator.js'
import { Tickets } from '@cuewire/server/transport/auth/tickets.js'
import t from 'tap'
import { FakeClock } from '../../support/fake-clock.js'

const PAGE = 'https://page.example'
const ada = { ...LOCAL_PRINCIPAL, subject: 'ada', expiresAtMs: 1_000_000 }

t.test('a ticket is good once, also when that one time failed', async t => {
  const tickets = new Tickets(new FakeClock(0))
  const { ticket } = tickets.issue(ada, PAGE)
  t.equal(tickets.redeem(ticket, PAGE), ada)
  t.throws(() => tickets.redeem(ticket, PAGE), { code: 'auth.invalid' })

  const stolen = tickets.issue(ada, PAGE).ticket
  t.throws(() => tickets.redeem(stolen, 'https://other.example'), { code: 'auth.invalid' })
  t.throws(() => tickets.redeem(stolen, PAGE), { code: 'auth.invalid' }, 'the thief used it up')
})

t.test('a ticket belongs to the page that got it, and one got without a page to none', async t => {
  const tickets = new Tickets(new FakeClock(0))
  for (const [got, used] of [
    [PAGE, undefined],
    [undefined, PAGE],
    [PAGE, 'null'],
    [PAGE, 'http://page.example'],
  ]) {
    t.throws(() => tickets.redeem(tickets.issue(ada, got).ticket, used), { code: 'auth.invalid' }, `${got} ${used}`)
  }
  t.equal(tickets.redeem(tickets.issue(ada, undefined).ticket, undefined), ada)
})

t.test('a ticket ends after 30 s, or with its token', async t => {
  const clock = new FakeClock(0)
  const tickets = new Tickets(clock)
  const early = tickets.issue(ada, PAGE)
  const late = tickets.issue(ada, PAGE)
  t.equal(early.expiresAt, new Date(30_000).toISOString())
  clock.pass(29_999)
  t.equal(tickets.redeem(early.ticket, PAGE), ada)
  clock.pass(1)
  t.throws(() => tickets.redeem(late.ticket, PAGE), { code: 'auth.expired' })

  clock.pass(960_000)
  const last = tickets.issue(ada, PAGE)
  t.equal(last.expiresAt, new Date(1_000_000).toISOString())
  clock.pass(10_000)
  t.throws(() => tickets.redeem(last.ticket, PAGE), { code: 'auth.expired' })
})

t.test('a clock that is set makes no ticket older or younger; only the token goes by it', async t => {
  const clock = new FakeClock(0)
  const tickets = new Tickets(clock)
  const [one, two, three] = [tickets.issue(ada, PAGE), tickets.issue(ada, PAGE), tickets.issue(ada, PAGE)]
  clock.jump(900_000)
  t.equal(tickets.redeem(one.ticket, PAGE), ada)
  clock.jump(-1_800_000)
  clock.pass(30_000)
  t.throws(() => tickets.redeem(two.ticket, PAGE), { code: 'auth.expired' })
  const fresh = tickets.issue(ada, PAGE).ticket
  clock.jump(3_600_000)
  t.throws(() => tickets.redeem(fresh, PAGE), { code: 'auth.expired' }, 'its token has ended')
  t.throws(() => tickets.redeem(three.ticket, PAGE), { code: 'auth.invalid' }, 'and is forgotten')
})

t.test('a subject may have a thousand tickets out; one more is refused, and pushes out none', async t => {
  const clock = new FakeClock(0)
  const tickets = new Tickets(clock)
  const first = tickets.issue(ada, PAGE).ticket
  clock.pass(10_000)
  const others = Array.from({ length: 999 }, () => tickets.issue(ada, PAGE).ticket)
  t.throws(() => tickets.issue(ada, PAGE), { code: 'limit.rate', retryAfterMs: 20_000 })
  const bob = tickets.issue({ ...ada, subject: 'bob' }, PAGE).ticket
  const other = tickets.issue({ ...ada, tenant: 'other' }, PAGE).ticket
  for (const ticket of [first, bob, other]) t.ok(tickets.redeem(ticket, PAGE))
  tickets.issue(ada, PAGE)
  t.throws(() => tickets.issue(ada, PAGE), { code: 'limit.rate', retryAfterMs: 30_000 }, 'its place is taken again')
  clock.pass(30_000)
  t.ok(tickets.issue(ada, PAGE), 'the others have expired')
  t.throws(() => tickets.redeem(others.at(-1) ?? '', PAGE), { code: 'auth.invalid' })
})

t.test('all subjects together may have a hundred thousand tickets out; more are refused', async t => {
  const tickets = new Tickets(new FakeClock(0))
  const first = tickets.issue({ ...ada, subject: '0' }, PAGE).ticket
  for (let i = 1; i < 100_000; i++) tickets.issue({ ...ada, subject: `${i % 1000}` }, PAGE)
  t.throws(() => tickets.issue(ada, PAGE), { code: 'limit.rate', retryAfterMs: 30_000 })
  t.ok(tickets.redeem(first, PAGE))
  t.ok(tickets.issue(ada, PAGE))
})

t.test('a ticket opens a socket and nothing else', async t => {
  const tickets = new Tickets(new FakeClock(0))
  const authenticator = createAuthenticator(() => ada, tickets)
  const { ticket } = tickets.issue(ada, undefined)
  const request = { method: 'GET', path: '/', query: `ticket=${ticket}`, headers: new Map<string, string>() }
  t.throws(() => authenticator.request(request, 'http'), { code: 'auth.required' })
  t.equal(authenticator.request(request, 'socket'), ada)
})
