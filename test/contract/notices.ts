import type { Notice, Notices } from '@cuewire/server/bus/notices.js'
import t, { type Test } from 'tap'
import { newId } from '../support/entities.js'

/** Opens the notices of a new server. */
export type NoticesFactory = (t: Test) => Promise<Notices>

/** A process of the server that runs apart from the test. */
export interface Peer {
  /** What it has heard so far. */
  readonly heard: readonly Notice[]
  send(notice: Notice): void
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
}

/** Ways to join one server: `open` as another process would, but within this one, and `spawn` as a real one. */
export interface NoticesServer {
  open(): Promise<Notices>
  spawn(): Promise<Peer>
}

/** Gives a test its own server. */
export type NoticesServerFactory = (t: Test) => NoticesServer

const DEADLINE_MS = 20_000

const cancelled = (tenant = 'acme'): Notice => ({ kind: 'cancelled', tenant, jobId: newId() })

const published = (text: string): Notice => ({
  ...{ kind: 'published', tenant: 'acme', topic: 'library', type: 'processing.progress', delivery: 'latest' },
  key: 'library processing.progress ',
  frame: JSON.stringify({ text }),
})

/** Characters that end a line somewhere, and those that a text format might lose. */
const TEXTS = [
  'line\nline\r\nline\rline',
  'line\u2028line\u2029line\u0085line',
  '\u0000',
  '\ud83c\udf0a',
  '"\\',
  '\ud800',
]

const NOTICES: readonly Notice[] = [
  { kind: 'log' },
  { kind: 'queued' },
  cancelled(),
  ...[...TEXTS, 'x'.repeat(300_000)].map(published),
]

/** Keeps what is heard. */
function listening(notices: Notices): readonly Notice[] {
  const heard: Notice[] = []
  notices.listen(notice => heard.push(notice))
  return heard
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${DEADLINE_MS} ms`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

const isIn = (heard: readonly Notice[], notice: Notice) =>
  heard.some(other => JSON.stringify(other) === JSON.stringify(notice))

/** Sends notices until one is heard: a newcomer is known to the others only after a moment. */
async function reaches(from: Pick<Notices, 'send'>, heard: readonly Notice[]): Promise<void> {
  const sent: Notice[] = []
  await until('a notice arrives', () => {
    const notice = cancelled('probe')
    sent.push(notice)
    from.send(notice)
    return sent.some(probe => isIn(heard, probe))
  })
}

const withoutProbes = (heard: readonly Notice[]) =>
  heard.filter(notice => notice.kind !== 'cancelled' || notice.tenant !== 'probe')

/** What every implementation of the notices must do, even where the server is a single process. */
export function noticesContract(name: string, open: NoticesFactory): void {
  t.test(`${name}: every listener hears each notice as it was sent, in order, and nothing from before`, async test => {
    const notices = await open(test)
    notices.send({ kind: 'log' })
    const [one, two] = [listening(notices), listening(notices)]
    for (const notice of NOTICES) notices.send(notice)
    await until('all is heard', () => one.length >= NOTICES.length && two.length >= NOTICES.length)
    test.strictSame(one, NOTICES)
    test.strictSame(two, NOTICES)
  })

  t.test(`${name}: what is closed is deaf and mute, and closing twice is closing once`, async test => {
    const notices = await open(test)
    const heard = listening(notices)
    await Promise.all([notices.close(), notices.close()])
    await notices.close()
    notices.send({ kind: 'log' })
    await new Promise(resolve => setImmediate(resolve))
    test.strictSame(heard, [])
  })
}

/** What an implementation for a server of several processes must do besides. */
export function sharedNoticesContract(name: string, factory: NoticesServerFactory): void {
  t.test(`${name}: processes hear each other, each notice once, as it was sent and in order`, async test => {
    const server = factory(test)
    const one = await server.open()
    const first = listening(one)
    const two = await server.open()
    const second = listening(two)
    const fromTwo = Array.from({ length: 50 }, () => cancelled())
    for (const notice of fromTwo) two.send(notice)
    await until('a newcomer is heard at once', () => first.length >= fromTwo.length)
    test.strictSame(first, fromTwo)

    await reaches(one, second)
    for (const notice of NOTICES) one.send(notice)
    for (const heard of [first, second]) {
      const isWhole = () => withoutProbes(heard).length >= fromTwo.length + NOTICES.length
      await until('all is heard', isWhole)
      test.strictSame(withoutProbes(heard), [...fromTwo, ...NOTICES])
    }
  })

  t.test(`${name}: processes that start at the same time find each other`, async test => {
    const server = factory(test)
    const all = await Promise.all(Array.from({ length: 4 }, () => server.open()))
    const heard = all.map(listening)
    await Promise.all(all.flatMap(from => heard.map(ear => reaches(from, ear))))
    test.pass('each reaches each')
  })

  t.test(`${name}: servers of their own do not hear each other`, async test => {
    const [one, another] = [factory(test), factory(test)]
    const [sender, neighbour, stranger] = [await one.open(), await one.open(), await another.open()]
    const strange = listening(stranger)
    await reaches(sender, listening(neighbour))
    test.strictSame(strange, [])
  })

  t.test(`${name}: who closes leaves the others to themselves`, async test => {
    const server = factory(test)
    const [one, two, leaver] = [await server.open(), await server.open(), await server.open()]
    const [second, third] = [listening(two), listening(leaver)]
    await Promise.all([reaches(one, third), reaches(one, second)])
    await leaver.close()
    const before = third.length
    leaver.send({ kind: 'queued' })
    one.send({ kind: 'log' })
    await until('the other hears it', () => isIn(second, { kind: 'log' }))
    test.equal(third.length, before)
    test.strictSame(withoutProbes(second), [{ kind: 'log' }])
  })

  t.test(`${name}: a process that is killed disturbs nobody, and another takes its place`, async test => {
    const server = factory(test)
    const [one, two] = [await server.open(), await server.open()]
    const [first, second] = [listening(one), listening(two)]
    const peer = await server.spawn()
    await Promise.all([reaches(one, peer.heard), reaches(one, second), reaches(peer, first)])
    await peer.kill()
    const missed = Array.from({ length: 50 }, () => cancelled())
    for (const notice of missed) one.send(notice)
    for (const heard of [first, second]) {
      await until('the others hear all', () => withoutProbes(heard).length >= missed.length)
      test.strictSame(withoutProbes(heard), missed)
    }
    const next = await server.spawn()
    await Promise.all([reaches(one, next.heard), reaches(next, second)])
    test.strictSame(withoutProbes(next.heard), [], 'what was sent while it was away is lost')
  })

  t.test(`${name}: a process that stands still holds nobody up, and hears again when it goes on`, async test => {
    const server = factory(test)
    const [one, two, peer] = [await server.open(), await server.open(), await server.spawn()]
    const second = listening(two)
    await Promise.all([reaches(one, peer.heard), reaches(one, second)])
    peer.signal('SIGSTOP')
    const large = published('x'.repeat(300_000))
    for (let sent = 1; sent <= 20; sent++) {
      one.send(large)
      await until('the other hears it', () => withoutProbes(second).length === sent)
    }
    peer.signal('SIGCONT')
    await reaches(one, peer.heard)
    const heard = withoutProbes(peer.heard)
    test.ok(heard.length < 20, 'what waits for it is bounded')
    for (const notice of heard) test.strictSame(notice, large)
  })
}
